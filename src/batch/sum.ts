import type { Tensor } from '../tensor/index.ts';

/**
 * One of the four sums into which every sample's share goes: many become one. It may be added to; what it holds may not
 * be asked for, for sample after sample it would be something else.
 */
export class Sum {
  /** The numbers themselves, or a part of them. */
  readonly tensor: Tensor;
  /** What all parts of one sum share. */
  readonly whole: Whole;

  constructor(tensor: Tensor, whole: Whole = { tensor, changes: 0, lastSampleOnly: false }) {
    this.tensor = tensor;
    this.whole = whole;
  }

  get shape(): readonly number[] {
    return this.tensor.shape;
  }
}

interface Whole {
  readonly tensor: Tensor;
  /** How often it was changed. */
  changes: number;
  /** It was overwritten: what samples but the last one add now was overwritten by the next one. */
  lastSampleOnly: boolean;
}
