import { zipSync } from 'fflate';
import type { TrainedNetwork } from '../../problem.ts';

/** The network as numpy's `np.load` opens it: w1, b1, w2, b2, mean, std and input_shape, stored in a zip archive. */
export function npzOf({ parameters, normalisation, inputShape }: TrainedNetwork): Uint8Array {
  const { w1, b1, w2, b2 } = parameters;
  const arrays = {
    w1: npyOf(w1.elements(), w1.shape, 'f4'),
    b1: npyOf(b1.elements(), b1.shape, 'f4'),
    w2: npyOf(w2.elements(), w2.shape, 'f4'),
    b2: npyOf(b2.elements(), b2.shape, 'f4'),
    mean: npyOf([normalisation.mean], [], 'f8'),
    std: npyOf([normalisation.std], [], 'f8'),
    input_shape: npyOf(inputShape, [3], 'i4'),
  };
  const files = Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]);
  // not compressed, as `np.savez` does it; a fixed date, so that the same network is the same file
  return zipSync(Object.fromEntries(files), { level: 0, mtime: new Date(1980, 0, 1) });
}

/** An array in numpy's format 1.0 (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
function npyOf(values: Iterable<number>, shape: readonly number[], type: 'f4' | 'f8' | 'i4'): Uint8Array {
  const numbers = [...values];
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = `{'descr': '<${type}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // the numbers begin at a multiple of 64 bytes, after a line feed
  const start = Math.ceil((10 + header.length + 1) / 64) * 64;
  const size = Number(type[1]);
  const bytes = new Uint8Array(start + size * numbers.length).fill(0x20, 0, start);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes[start - 1] = 0x0a;
  const view = new DataView(bytes.buffer);
  view.setUint16(8, start - 10, true);
  for (const [i, x] of numbers.entries()) {
    if (type === 'f4') view.setFloat32(start + size * i, x, true);
    else if (type === 'f8') view.setFloat64(start + size * i, x, true);
    else view.setInt32(start + size * i, x, true);
  }
  return bytes;
}
