import type { Parameters } from '../engine/engine.ts';
import type { Tensor } from '../tensor/index.ts';

/** One class taken for another. */
export interface Confusion {
  readonly label: number;
  readonly takenFor: number;
  readonly count: number;
  /** How many samples of the class there are. */
  readonly of: number;
}

/**
 * The pairs of classes that the network takes one for the other, the most frequent first: `input` is N × D, normalised,
 * `target` N × C with the largest number of each row at the label.
 */
export function confusions(
  { w1, b1, w2, b2 }: Parameters,
  input: Tensor<[number, number]>,
  target: Tensor<[number, number]>,
): Confusion[] {
  const x1 = input.mm(w1.t()).add(b1).tanh();
  const predicted = x1.mm(w2.t()).add(b2).argmax(1).tolist() as number[]; // tanh would not change which is largest
  const labels = target.argmax(1).tolist() as number[];
  const classes = b2.size(0);
  const counts = new Uint32Array(classes * classes);
  for (const [n, label] of labels.entries()) counts[label * classes + predicted[n]!]!++;
  const totals = Array.from({ length: classes }, (_, label) =>
    counts.subarray(label * classes, (label + 1) * classes).reduce((sum, count) => sum + count, 0),
  );
  return [...counts]
    .map((count, i) => ({ label: Math.floor(i / classes), takenFor: i % classes, count }))
    .filter(({ label, takenFor, count }) => label !== takenFor && count > 0)
    .sort((a, b) => b.count - a.count || a.label - b.label || a.takenFor - b.takenFor)
    .map(pair => ({ ...pair, of: totals[pair.label]! }));
}
