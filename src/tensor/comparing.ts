import { wantsTensor } from './operands.ts';
import { eachRow } from './rows.ts';
import { broadcastShapes, sameShape } from './shape.ts';
import type { Strided } from './strided.ts';

/** |a − b| ≤ atol + rtol · |b| for every pair of elements. NaN is close to nothing, Infinity to itself. */
export function allclose(a: Strided, b: Strided, rtol: number, atol: number): boolean {
  wantsTensor('allclose', b);
  let close = true;
  eachRow(broadcastShapes('allclose', a.shape, b.shape), a, b, b, (i, j, _, length, is, js) => {
    for (let k = 0; k < length; k++) {
      const x = a.data[i + k * is]!;
      const y = b.data[j + k * js]!;
      const distance = Math.abs(x - y);
      close &&= x === y || (distance < Infinity && distance <= atol + rtol * Math.abs(y));
    }
  });
  return close;
}

/** Whether the two have one shape and the same elements. NaN equals nothing. */
export function equal(a: Strided, b: Strided): boolean {
  wantsTensor('equal', b);
  if (!sameShape(a.shape, b.shape)) return false;
  let same = true;
  eachRow(a.shape, a, b, b, (i, j, _, length, is, js) => {
    for (let k = 0; k < length; k++) same &&= a.data[i + k * is] === b.data[j + k * js];
  });
  return same;
}
