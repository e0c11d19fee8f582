import type { Tensor } from '../../../tensor/index.ts';
import type { Recorded, TensorValue, Value } from '../../protocol.ts';
import { labelOf } from './small-training.ts';

/** How many entries of a large tensor are looked at. */
const FEW = 24;

/**
 * The two passes and the loss as they stand in for the learner's: they keep what they are given, of large tensors a few
 * entries, and of the first weights their spread.
 */
export function watching(): Readonly<Record<string, string>> {
  // what a forward pass gave is known again by itself: at ε = 1e-6 s1 and x1 are the same numbers
  const few = `const few = t => {
    const { data, offset } = t.contiguous();
    const n = t.numel();
    const some = new Float64Array(Math.min(n, ${FEW}));
    for (let i = 0; i < some.length; i++) some[i] = data[offset + Math.floor((i * n) / some.length)];
    return new tensor.Tensor(some, [some.length], 'float64');
  };`;
  return {
    loss: `(v, t) => {
      record('loss', v.double().clone(), t.double().clone());
      return t.sub(v).pow(2).sum();
    }`,
    forwardPass: `(() => {
      ${few}
      let first = true;
      return (w1, b1, w2, b2, x) => {
        if (first) {
          for (const t of [w1, b1, w2, b2])
            record('start', t.numel(), t.double().pow(2).mean().sqrt().item(), t.abs().max().item());
          first = false;
        }
        const s1 = w1.mv(x).add(b1);
        const x1 = s1.tanh();
        const s2 = w2.mv(x1).add(b2);
        const x2 = s2.tanh();
        [s1, x1, s2, x2].forEach((value, place) => Object.assign(value, { place }));
        record('forward', ...[w1, b1, w2, b2, x, s1, x1, s2, x2].map(few));
        return [x, s1, x1, s2, x2];
      };
    })()`,
    backwardPass: `(() => {
      ${few}
      // outer product and sum in one: a hundred matrices less
      const addOuter = (sum, d, v) => {
        const [rows, columns] = [d.numel(), v.numel()];
        const fits = sum.isContiguous() && sum.dtype === 'float32' && sum.shape[0] === rows && sum.shape[1] === columns;
        if (!fits) return sum.add_(d.outer(v));
        const [a, b, { data, offset }] = [d.elements(), v.elements(), sum];
        for (let r = 0; r < rows; r++) {
          const [factor, from] = [a[r], offset + r * columns];
          for (let c = 0; c < columns; c++) data[from + c] += factor * b[c];
        }
      };
      const backward = (w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2) => {
        const dlDs2 = x2.sub(t).mul(2).mul(s2.tanh().pow(2).neg().add(1));
        const dlDs1 = w2.t().mv(dlDs2).mul(s1.tanh().pow(2).neg().add(1));
        addOuter(dlDw2, dlDs2, x1);
        dlDb2.add_(dlDs2);
        addOuter(dlDw1, dlDs1, x);
        dlDb1.add_(dlDs1);
      };
      return (...all) => {
        const given = all.map(few);
        backward(...all);
        record('places', ...all.slice(6, 10).map(({ place = -1 }) => place));
        record('backward', ...given, ...all.slice(10).map(few));
      };
    })()`,
  };
}

interface Look {
  /** The version of the weights: how often they had changed before. */
  readonly version: number;
  /** The sample's number, in the training set or, from TRAIN on, in the test set; −1 where it is in neither. */
  readonly sample: number;
}
export interface ForwardLook extends Look {
  readonly weights: readonly Numbers[];
  /** s1, x1, s2, x2. */
  readonly values: readonly Numbers[];
  /** The target that its loss was asked for. */
  t: Numbers | undefined;
}
export interface BackwardLook extends Look {
  readonly weights: readonly Numbers[];
  readonly t: Numbers;
  readonly values: readonly Numbers[];
  /** Which of a forward pass's s1, x1, s2, x2 these are, by themselves; −1 where they are copies. */
  readonly places: Numbers;
  /** dl_dw1, dl_db1, dl_dw2, dl_db2. */
  readonly before: readonly Numbers[];
  readonly after: readonly Numbers[];
}
export type Numbers = ArrayLike<number>;

/** What they have seen of a training, in its order, and what it printed. */
export interface Watched {
  /** Of each parameter as it was drawn: how many numbers, their spread, and the size of the largest. */
  readonly start: readonly Numbers[];
  readonly forward: readonly ForwardLook[];
  readonly backward: readonly BackwardLook[];
  readonly printed: readonly string[];
}

export function watchedIn(records: readonly Recorded[], [train, test]: readonly [Tensor, Tensor]): Watched {
  const forward: ForwardLook[] = [];
  const backward: BackwardLook[] = [];
  const start = records
    .filter(({ name }) => name === 'start')
    .map(({ values }) => values.map(value => (value as { value: number }).value));
  const printed = records
    .filter(({ name }) => name === 'print')
    .map(({ values }) => (values[0] as { value: string }).value);
  const samples = [train, test].flatMap(set =>
    Array.from({ length: set.shape[0]! }, (_, n) => fewOf(set.select(0, n) as Tensor)),
  );
  let version = -1;
  let weights: readonly Numbers[] = [];
  let places: Numbers = [];
  for (const { name, values } of records) {
    if (name === 'places') places = values.map(value => (value as { value: number }).value);
    if (name === 'loss') noteTarget(forward, values);
    if (name !== 'forward' && name !== 'backward') continue;
    const numbers = values.map(value => (value as TensorValue).data);
    const given = numbers.slice(0, 4);
    if (!given.every((w, i) => weights[i] !== undefined && same(w, weights[i]!))) {
      version += 1;
      weights = given;
    }
    const x = numbers[name === 'forward' ? 4 : 5]!;
    const sample = samples.findIndex(other => same(x, other));
    if (name === 'forward') forward.push({ version, sample, weights: given, values: numbers.slice(5), t: undefined });
    else {
      const [t, , ...rest] = numbers.slice(4);
      backward.push({
        version,
        sample,
        weights: given,
        t: t!,
        values: rest.slice(0, 4),
        places,
        before: rest.slice(4, 8),
        after: rest.slice(8),
      });
    }
  }
  return { start, forward, backward, printed };
}

/** A loss belongs to the forward pass that gave its first argument. */
function noteTarget(forward: readonly ForwardLook[], [v, t]: readonly Value[]): void {
  if (v?.kind !== 'tensor' || t?.kind !== 'tensor') return;
  const look = forward.findLast(({ values }) => same(values[3]!, v.data));
  if (look !== undefined && look.sample >= 0 && largest(t.data) === labelOf(look.sample)) look.t = t.data;
}

/** The entries that the watching passes keep of a tensor. */
function fewOf(t: Tensor): Numbers {
  const all = t.elements();
  if (all.length <= FEW) return Float64Array.from(all);
  return Float64Array.from({ length: FEW }, (_, i) => all[Math.floor((i * all.length) / FEW)]!);
}

export function same(a: Numbers, b: Numbers): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i]) && a[i] !== b[i]) return false;
  return true;
}

/** The place of the largest. */
export function largest(values: Numbers): number {
  let best = 0;
  for (let c = 1; c < values.length; c++) if (values[c]! > values[best]!) best = c;
  return best;
}
