import type { Tensor } from '../tensor/index.ts';
import type { Data } from '../tensor/storage.ts';
import type { Many } from './many.ts';
import type { Sum } from './sum.ts';

// What a program asked for and nobody has looked at yet. It is kept as what it is made of, for what comes next may be
// had without it.

/**
 * A matrix of each sample that is a column times a row: 50 + 784 numbers in place of 39,200. The sum of such matrices
 * over the samples is one product of two matrices.
 */
export class Outer {
  /** Columns and rows, as vectors. */
  readonly u: Many;
  readonly v: Many;
  readonly factor: number;
  isOutdated = false;
  /** Its numbers, once somebody has looked: from then on it is what they are. */
  computed: Many | undefined;
  /** Its transpose is about, which would have to change with it. */
  isSeenOtherwise = false;

  constructor(u: Many, v: Many, factor = 1) {
    this.u = u;
    this.v = v;
    this.factor = factor;
  }

  get shape(): readonly number[] {
    return [this.u.shape[0]!, this.v.shape[0]!];
  }

  isMadeOf(data: Data): boolean {
    return data === this.u.data || data === this.v.data;
  }
}

/**
 * One matrix for all, its entries times those of a vector of each sample: `w.mul(x)`. Summed along the vector it is the
 * product of the two.
 */
export class Weighted {
  readonly matrix: Tensor;
  readonly vector: Many;
  /** The dimension of the matrix along which the vector lies. */
  readonly along: 0 | 1;
  isOutdated = false;
  /** Its numbers, once somebody has looked: from then on it is what they are. */
  computed: Many | undefined;

  constructor(matrix: Tensor, vector: Many, along: 0 | 1) {
    this.matrix = matrix;
    this.vector = vector;
    this.along = along;
  }

  get shape(): readonly number[] {
    return this.matrix.shape;
  }

  isMadeOf(data: Data): boolean {
    return data === this.matrix.data || data === this.vector.data;
  }
}

/**
 * A sum as it is when the sample's turn comes, and what the sample adds to it or takes from it. It can be put in place
 * of the sum, and nothing else: `sum.copy_(sum.add(x))`.
 */
export class Running {
  readonly sum: Sum;
  readonly share: Many | Outer;
  readonly operation: 'add_' | 'sub_';
  /** How often the sum had been changed. */
  readonly changes: number;
  isOutdated = false;

  constructor(sum: Sum, share: Many | Outer, operation: 'add_' | 'sub_') {
    this.sum = sum;
    this.share = share;
    this.operation = operation;
    this.changes = sum.whole.changes;
  }

  get shape(): readonly number[] {
    return this.sum.shape;
  }

  isMadeOf(data: Data): boolean {
    return this.share.isMadeOf(data) || (this.share instanceof Outer && this.share.computed?.data === data);
  }
}

export type Pending = Outer | Weighted | Running;
