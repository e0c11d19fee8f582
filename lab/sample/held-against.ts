import * as ours from '../../src/practical.ts';
import { Tensor } from '../../src/tensor/index.ts';
import type { OwnWay } from '../own/own-way.ts';
import type { ValueName } from './values.ts';
import { type Given, type NumbersOf, tensorsOf, type Value, vectorOf, type Way } from './way.ts';

/** Two correct programs that compute in float32 differ by less than this share of the largest number of a value. */
const SAME = 1e-4;

/**
 * The way of a sample as a learner's functions compute it, each value held against what its formula gives of *their*
 * values before it: so only what is wrong itself is marked, and not what follows from it. Where they have no such value
 * that of the formula stands in its place. Undefined where sample and network do not fit each other.
 */
export function heldAgainst(theirs: OwnWay, network: NumbersOf, { x, target }: Given): Way | undefined {
  const { w1, b1, w2, b2 } = tensorsOf(network);
  if (w1.size(1) !== x.length || b2.numel() !== target.length) return undefined;
  const way: Partial<Record<ValueName, Value>> = {};
  const take = <T extends Tensor<number[]>>(name: ValueName, expected: T): T => {
    const wanted = Float32Array.from(expected.elements());
    const own = theirs.values[name];
    const fits = own?.numbers !== undefined && own.shape.join() === expected.shape.join();
    const numbers = fits ? Float32Array.from(own.numbers!) : wanted;
    const differs = fits ? differences(numbers, wanted) : [];
    way[name] = {
      ...{ shape: expected.shape, numbers, lines: own?.lines ?? [] },
      own: { name: own?.name ?? name, differs, expected: wanted, says: fits ? undefined : whyNot(own, expected.shape) },
    };
    return new Tensor(numbers, [...expected.shape], 'float32') as unknown as T;
  };

  const t = vectorOf(Float32Array.from(target));
  const x0 = take('x0', vectorOf(Float32Array.from(x)));
  const s1 = take('s1', w1.mv(x0).add(b1));
  const x1 = take('x1', ours.sigma(s1));
  const s2 = take('s2', w2.mv(x1).add(b2));
  const x2 = take('x2', ours.sigma(s2));
  way.t = { shape: t.shape, numbers: t.elements() as Float32Array, lines: [] };
  take('loss', ours.loss(x2, t));
  const dlDx2 = take('dl_dx2', ours.dloss(x2, t));
  take('dsigma2', ours.dsigma(s2));
  const dlDs2 = take('dl_ds2', dlDx2.mul(ours.dsigma(s2)));
  const dlDx1 = take('dl_dx1', w2.t().mv(dlDs2));
  take('dsigma1', ours.dsigma(s1));
  const dlDs1 = take('dl_ds1', dlDx1.mul(ours.dsigma(s1)));
  take('dl_dw2', dlDs2.outer(x1));
  take('dl_db2', dlDs2);
  take('dl_dw1', dlDs1.outer(x0));
  take('dl_db1', dlDs1);
  return way as Way;
}

/** The entries of a value that are not as expected. */
function differences(numbers: Float32Array, wanted: Float32Array): number[] {
  let largest = 0;
  for (const number of wanted) largest = Math.max(largest, Math.abs(number));
  const found: number[] = [];
  for (const [i, number] of numbers.entries())
    if (!(Math.abs(number - wanted[i]!) <= SAME * largest + 1e-30)) found.push(i);
  return found;
}

function whyNot(own: OwnWay['values'][ValueName], shape: readonly number[]): string {
  if (own?.numbers === undefined) return 'your code has no value of its own by this name, or does not come to it';
  return `your ${own.name} is of shape [${own.shape.join(', ')}], where [${shape.join(', ')}] is wanted`;
}
