import type { Tensor } from '../tensor/index.ts';
import type { Data } from '../tensor/storage.ts';

/**
 * What a program is given as it is, the same for all samples: the weights. Operations that would change them are refused;
 * but a program may write to their storage past all operations, and so they are compared with what they were.
 */
export class Fixed {
  /** The storage, and what it held when it was given. */
  readonly #before = new Map<Data, Data>();

  add({ data }: Tensor): void {
    this.#before.set(data, data.slice());
  }

  has({ data }: Tensor): boolean {
    return this.#before.has(data);
  }

  /** Whether it is given as it is, and still holds what it held. */
  isUnchanged({ data }: Tensor): boolean {
    const before = this.#before.get(data);
    return before !== undefined && hasSameBits(data, before);
  }

  /** Gives all of it the numbers that it had. @returns whether any had others. */
  restore(): boolean {
    let wasChanged = false;
    for (const [data, before] of this.#before) {
      if (hasSameBits(data, before)) continue;
      data.set(before as never);
      wasChanged = true;
    }
    return wasChanged;
  }
}

/** Compared as whole numbers, for NaN is not equal to itself. */
function hasSameBits(a: Data, b: Data): boolean {
  const words = (one: Data) =>
    one.byteLength % 4 === 0
      ? new Int32Array(one.buffer, one.byteOffset, one.byteLength / 4)
      : new Uint8Array(one.buffer, one.byteOffset, one.byteLength);
  const [x, y] = [words(a), words(b)];
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}
