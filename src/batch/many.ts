import type { DType } from '../tensor/dtype.ts';
import { Tensor } from '../tensor/index.ts';
import type { Data } from '../tensor/storage.ts';

/**
 * One tensor of each sample of a block. The program sees one tensor, of the shape that a sample's has; the numbers of
 * all samples lie here, sample after sample, and those of a sample lie as they would by themselves: same strides, same
 * place from the sample's beginning.
 */
export class Many {
  readonly samples: number;
  /** The first sample's. */
  readonly first: Tensor;
  /** How far a sample's numbers lie from those of the sample before it; 0 where all share the same. */
  readonly step: number;

  constructor(samples: number, first: Tensor, step: number) {
    this.samples = samples;
    this.first = first;
    this.step = step;
  }

  /** Tensors of one shape, a sample's in each row of `rows`. */
  static ofRows(rows: Tensor): Many {
    const [samples, ...shape] = rows.shape as [number, ...number[]];
    const [step, ...strides] = rows.strides as [number, ...number[]];
    return new Many(samples, new Tensor(rows.data, shape, rows.dtype, strides, rows.offset), step);
  }

  /** Tensors of one shape, whose numbers lie one after the other, sample after sample. */
  static dense(samples: number, data: Data, shape: readonly number[], dtype: DType): Many {
    return new Many(samples, new Tensor(data, shape, dtype), data.length / samples);
  }

  get data(): Data {
    return this.first.data;
  }
  get shape(): readonly number[] {
    return this.first.shape;
  }

  isMadeOf(data: Data): boolean {
    return data === this.data;
  }

  /** The tensor of sample `n` of the block. */
  of(n: number): Tensor {
    const { data, shape, dtype, strides, offset } = this.first;
    return new Tensor(data, shape, dtype, strides, offset + n * this.step);
  }

  /** All of them as one tensor with the samples in front, and behind them as many dimensions as are wanted. */
  all(dimensions: number = this.shape.length): Tensor {
    const { data, shape, dtype, strides, offset } = this.first;
    const missing = new Array<number>(Math.max(0, dimensions - shape.length));
    return new Tensor(
      data,
      [this.samples, ...missing.fill(1), ...shape],
      dtype,
      [this.step, ...missing.fill(0), ...strides],
      offset,
    );
  }

  /** The elements of a sample's tensor in each row. */
  rows(): Tensor<[number, number]> {
    const all = this.all().contiguous();
    return new Tensor(all.data, [this.samples, this.first.numel()], all.dtype, undefined, all.offset);
  }
}
