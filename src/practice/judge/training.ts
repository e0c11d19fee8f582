import { Tensor } from '../../tensor/index.ts';
import { mistakesInTraining } from '../mistakes/training.ts';
import type { FunctionFacts, Recorded, TensorValue, Value } from '../protocol.ts';
import type { Draws } from './draws.ts';
import { type Examinee, references } from './examinee.ts';
import { type Finding, failed, failure, type Place, passed, placeOf, waiting } from './finding.ts';
import { notThere } from './one-function.ts';
import { filled, shown } from './words.ts';

export const trainingStages: readonly ('step' | 'loop')[] = ['step', 'loop'];

const STEPS = 5;
const ETA = 0.1;
const ZETA = 0.9;
const EPSILON = 1e-6;
/** How many entries of a large tensor are looked at. */
const FEW = 24;

/** So large that weights of 1e-6 make a difference: the answers vary from the first step on. */
const LARGE = 1e4;

/** Of N training and M test samples. That N and M differ shows which of them something was divided by. */
const TRAIN = 20;
const TEST = 12;
const CLASSES = 10;

/** The first class is the most frequent one in training and rare in the test set, so that the two errors differ. */
const trainLabels = [3, 3, 3, 3, 3, 3, 3, 1, 1, 1, 1, 0, 0, 2, 4, 5, 6, 7, 8, 9];
const testLabels = [3, 3, 1, 1, 0, 2, 4, 5, 6, 7, 8, 9];

/**
 * The two passes and the loss as they stand in for the learner's: they keep what they are given, of large tensors a few
 * entries, and of the first weights their spread.
 */
function watching(): Readonly<Record<string, string>> {
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
interface ForwardLook extends Look {
  readonly weights: readonly Numbers[];
  /** s1, x1, s2, x2. */
  readonly values: readonly Numbers[];
  /** The target that its loss was asked for. */
  t: Numbers | undefined;
}
interface BackwardLook extends Look {
  readonly weights: readonly Numbers[];
  readonly t: Numbers;
  readonly values: readonly Numbers[];
  /** Which of a forward pass's s1, x1, s2, x2 these are, by themselves; −1 where they are copies. */
  readonly places: Numbers;
  /** dl_dw1, dl_db1, dl_dw2, dl_db2. */
  readonly before: readonly Numbers[];
  readonly after: readonly Numbers[];
}
type Numbers = ArrayLike<number>;

const parameterNames = ['w1', 'b1', 'w2', 'b2'];
const sumNames = ['dlDw1', 'dlDb1', 'dlDw2', 'dlDb2'];

/** Mistakes after which a log can say nothing. */
const leavesNothing = ['no-passes', 'weights-not-set', 'sums-not-set', 'targets-not-one-hot'];

/** Judges the training by running it for five steps on twenty made samples, and looking at what it calls. */
export async function examineTraining(examinee: Examinee, draws: Draws): Promise<Finding[]> {
  const absent = notThere('train', trainingStages, examinee);
  if (absent !== null) return absent;
  const facts = examinee.factsOf('train')!;
  const place = placeOf(facts);
  const inputs = [draws.many([TRAIN, 784], LARGE), draws.many([TEST, 784], LARGE)].map(t => t.float());
  const oneHot = (labels: readonly number[]) =>
    new Tensor(
      Float32Array.from(labels.flatMap(label => row(CLASSES, c => (c === label ? 1 : 0)))),
      [labels.length, CLASSES],
      'float32',
    );
  const number = (value: number): Value => ({ kind: 'number', value });
  const seed = draws.below(2 ** 31);
  const args = [inputs[0]!, oneHot(trainLabels), inputs[1]!, oneHot(testLabels), number(STEPS), number(seed)];
  const answer = await examinee.ask('train', args, { inPlaceOf: { ...references, ...watching() } });
  if (answer.kind !== 'returned') {
    return [failure('step', answer, facts, examinee), waiting('loop', place, 'It waits for `step`.')];
  }
  const run = new Run(answer.records, inputs as [Tensor, Tensor], facts, examinee);
  const step = run.step() ?? passed('step', place);
  if (step.mistake !== null && leavesNothing.includes(step.mistake))
    return [step, waiting('loop', place, 'It waits for `step`, without which there are no numbers.')];
  return [step, run.loop() ?? passed('loop', place)];
}

class Run {
  readonly #facts: FunctionFacts;
  readonly #examinee: Examinee;
  readonly #start: readonly Numbers[];
  readonly #forward: ForwardLook[] = [];
  readonly #backward: BackwardLook[] = [];
  readonly #printed: string[];
  /** What the targets really are multiplied by. */
  #zeta = ZETA;

  constructor(
    records: readonly Recorded[],
    [train, test]: readonly [Tensor, Tensor],
    facts: FunctionFacts,
    examinee: Examinee,
  ) {
    this.#facts = facts;
    this.#examinee = examinee;
    this.#start = records
      .filter(({ name }) => name === 'start')
      .map(({ values }) => values.map(value => (value as { value: number }).value));
    this.#printed = records
      .filter(({ name }) => name === 'print')
      .map(({ values }) => (values[0] as { value: string }).value);
    const samples = [train, test].flatMap(set => row(set.shape[0]!, n => fewOf(set.select(0, n) as Tensor)));
    let version = -1;
    let weights: readonly Numbers[] = [];
    let places: Numbers = [];
    for (const { name, values } of records) {
      if (name === 'places') places = values.map(value => (value as { value: number }).value);
      if (name === 'loss') this.#noteTarget(values);
      if (name !== 'forward' && name !== 'backward') continue;
      const numbers = values.map(value => (value as TensorValue).data);
      const given = numbers.slice(0, 4);
      if (!given.every((w, i) => weights[i] !== undefined && same(w, weights[i]!))) {
        version += 1;
        weights = given;
      }
      const x = numbers[name === 'forward' ? 4 : 5]!;
      const sample = samples.findIndex(other => same(x, other));
      if (name === 'forward')
        this.#forward.push({ version, sample, weights: given, values: numbers.slice(5), t: undefined });
      else {
        const [t, , ...rest] = numbers.slice(4);
        this.#backward.push({
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
  }

  /** A loss belongs to the forward pass that gave its first argument. */
  #noteTarget([v, t]: readonly Value[]): void {
    if (v?.kind !== 'tensor' || t?.kind !== 'tensor') return;
    const look = this.#forward.findLast(({ values }) => same(values[3]!, v.data));
    if (look !== undefined && look.sample >= 0 && largest(t.data) === labelOf(look.sample)) look.t = t.data;
  }

  #found(
    stage: 'step' | 'loop',
    mistake: string,
    fill: Readonly<Record<string, string | number>> = {},
    line?: RegExp,
  ): Finding {
    const all: Readonly<Record<string, string | number>> = { function: this.#facts.exportedAs, ...fill };
    const says = filled(mistakesInTraining[mistake]!, name =>
      all[name] === undefined ? undefined : String(all[name]),
    );
    return failed(stage, this.#lineWith(line), mistake, says);
  }

  /** The first line of the training with something in it, or where the training begins. */
  #lineWith(pattern: RegExp | undefined): Place {
    const { file, line } = this.#facts;
    const lines = (this.#examinee.sources[file] ?? '').split('\n');
    const at = pattern === undefined ? -1 : lines.findIndex((text, i) => i >= line - 1 && pattern.test(text));
    return { file, line: at === -1 ? line : at + 1 };
  }

  // ————— a step —————

  step(): Finding | null {
    const backward = this.#backward;
    const trained = this.#forward.some(({ sample }) => sample >= 0 && sample < TRAIN);
    if (this.#forward.length === 0 || (!trained && backward.length === 0)) return this.#found('step', 'no-passes');
    if (backward.length === 0) return this.#found('step', 'no-backward-pass');
    return this.#targets() ?? this.#beginning() ?? this.#unset() ?? this.#samples() ?? this.#sums() ?? this.#updates();
  }

  /** The four parameters as they were drawn. */
  #beginning(): Finding | null {
    const sizes = [50 * 784, 50, 10 * 50, 10];
    const found = (id: string, fill: Readonly<Record<string, string | number>> = {}) =>
      this.#found('step', id, fill, /normal_|uniform_|randn|\bw1\s*=/);
    for (const [i, name] of parameterNames.entries()) {
      const [size, spread] = [this.#start[i]![0]!, this.#start[i]![1]!];
      if (size !== sizes[i]) return found('wrong-size', { name, theirs: size, right: sizes[i]! });
      if (Number.isNaN(spread)) return found('weights-not-set', { name });
      if (spread === 0) return found('weights-zero', { name });
    }
    const [, spread, largest] = Array.from(this.#start[0]!) as [number, number, number];
    // of 39,200 normal values the largest is about four standard deviations out, of uniform ones never two
    if (largest / spread < 2.5) return found('weights-uniform');
    if (spread > 0.3) return found('weights-too-large', { theirs: shown(spread) });
    // the standard deviation of so many values is known to half a percent
    if (Math.abs(spread / EPSILON - 1) > 0.1) return found('epsilon-wrong', { theirs: exponential(spread) });
    for (const [i, name] of parameterNames.entries()) {
      const own = this.#start[i]![1];
      if (!(own! < 5 * EPSILON && own! > EPSILON / 10))
        return found('epsilon-wrong', { name, theirs: exponential(own!) });
    }
    return null;
  }

  #targets(): Finding | null {
    const found = (id: string, fill = {}) => this.#found('step', id, fill, /0\.9|zeta|[tT]arget/);
    for (const { t, sample } of this.#backward) {
      const label = sample < TRAIN ? trainLabels[sample] : testLabels[sample - TRAIN];
      const most = Math.max(...Array.from(t));
      const least = Math.min(...Array.from(t));
      const at = Array.from(t).indexOf(most);
      if (t.length !== CLASSES) return found('targets-not-one-hot');
      if (least < 0 && Math.abs(least + most) < 1e-6) return found('targets-minus-one', { theirs: shown(round(most)) });
      if (!Array.from(t).every((y, c) => (c === at ? y > 0 : y === 0))) return found('targets-not-one-hot');
      this.#zeta = most;
      if (most === 1) return found('zeta-forgotten');
      if (Math.abs(most - ZETA) > 1e-6) return found('zeta-wrong', { theirs: shown(round(most)) });
      if (label !== undefined && at !== label) return found('target-of-another-sample');
    }
    return null;
  }

  /** Which samples make up a step. */
  #samples(): Finding | null {
    const backward = this.#backward;
    if (backward.some(({ sample }) => sample >= TRAIN))
      return this.#found('step', 'trains-on-the-test-set', {}, /backward/);
    const first = backward.filter(({ version }) => version === backward[0]!.version);
    if (first.length === 1 && backward.length > 2 && backward[1]!.version > backward[0]!.version)
      return this.#found('step', 'step-per-sample', {}, /\bw1\b.*sub|sub_/);
    const versions = new Set(backward.map(({ version }) => version));
    if (versions.size === 1 && backward.length > TRAIN) return this.#found('step', 'no-step');
    for (const look of backward) {
      const forward = this.#forward.filter(({ sample, version }) => sample === look.sample && version === look.version);
      if (forward.length === 0)
        return this.#found('step', 'values-of-another-sample', { names: 's1, x1, s2 and x2' }, /backward/);
      const differing = ['s1', 'x1', 's2', 'x2'].filter(
        (_, i) =>
          (look.places[i]! >= 0 && look.places[i] !== i) ||
          !forward.some(({ values }) => same(values[i]!, look.values[i]!)),
      );
      if (differing.length > 0)
        return this.#found('step', 'values-of-another-sample', { names: differing.join(', ') }, /backward/);
    }
    for (const version of versions) {
      const used = backward.filter(look => look.version === version).map(({ sample }) => sample);
      const distinct = new Set(used).size;
      if (distinct < TRAIN)
        return this.#found('step', 'samples-left-out', { theirs: distinct, right: TRAIN }, /for\s*\(/);
      if (used.length > TRAIN) return this.#found('step', 'samples-twice', { theirs: used.length, right: TRAIN });
    }
    return null;
  }

  /** Sums that hold nothing yet. */
  #unset(): Finding | null {
    const [first] = this.#backward;
    const name = sumNames.find((_, i) => Array.from(first!.before[i]!).some(Number.isNaN));
    return name === undefined ? null : this.#found('step', 'sums-not-set', { name }, /zeros|empty/);
  }

  /** Whether the four sums begin at zero with each step, and only then. */
  #sums(): Finding | null {
    const found = (id: string, fill = {}) => this.#found('step', id, fill, /zero_|zeros|empty/);
    const isZero = (numbers: Numbers) => Array.from(numbers).every(x => x === 0);
    const second = this.#backward[1];
    if (second?.before.every(isZero)) return found('sums-zeroed-per-sample');
    for (const [k, look] of this.#backward.entries()) {
      const previous = this.#backward[k - 1];
      if (previous === undefined || previous.version !== look.version) {
        const old = sumNames.filter((_, i) => !isZero(look.before[i]!));
        if (old.length === 4) return found('sums-never-zeroed');
        if (old.length > 0) return found('sums-not-all-zeroed', { name: old[0]! });
      } else {
        const lost = sumNames.find((_, i) => !same(look.before[i]!, previous.after[i]!));
        if (lost !== undefined) return found('sums-lost', { name: lost });
      }
    }
    return null;
  }

  /** w ← w − η ∂ℓ/∂w. */
  #updates(): Finding | null {
    const found = (id: string, fill = {}) => this.#found('step', id, fill, /sub_|\.sub\(|eta|add_\(/);
    const versions = [...new Set([...this.#forward, ...this.#backward].map(({ version }) => version))];
    const right = ETA / TRAIN;
    for (const version of versions) {
      const last = this.#backward.filter(look => look.version === version).at(-1);
      const next = this.#forward.find(look => look.version === version + 1);
      if (last === undefined || next === undefined) continue;
      for (const [i, name] of parameterNames.entries()) {
        const sum = Array.from(last.after[i]!);
        const change = sum.map((_, k) => next.weights[i]![k]! - last.weights[i]![k]!);
        const size = dot(sum, sum);
        const own = dot(Array.from(last.weights[i]!), Array.from(last.weights[i]!));
        // a step that is lost in the rounding of float32 tells nothing
        if (size === 0 || right * right * size < 1e-8 * own) continue;
        if (change.every(x => x === 0)) return found('not-updated', { name });
        const eta = -dot(change, sum) / size;
        const rest = change.map((x, k) => x + eta * sum[k]!);
        if (dot(rest, rest) > 1e-4 * dot(change, change) + 1e-13 * own)
          return found('step-of-another-gradient', { name, sum: sumNames[i]! });
        const is = (wanted: number) => Math.abs(eta / wanted - 1) < 0.02;
        if (is(right)) continue;
        if (is(-right)) return found('uphill', { name });
        if (is(ETA)) return found('eta-not-divided');
        if (is(right / TRAIN)) return found('eta-divided-twice');
        if (is(ETA / TEST)) return found('eta-by-test-count');
        return found(eta < 0 ? 'uphill' : 'eta-wrong', { name, theirs: shown(eta), right: shown(right), count: TRAIN });
      }
    }
    return versions.length === 1 ? found('no-step') : null;
  }

  // ————— the loop —————

  loop(): Finding | null {
    const lines = this.#printed;
    const found = (id: string, fill: Readonly<Record<string, string | number>> = {}) =>
      this.#found('loop', id, fill, /print\s*\(/);
    if (lines.length === 0) return found('prints-nothing');
    const count = { theirs: lines.length, right: STEPS };
    if (lines.length === STEPS - 1) return found('one-step-too-few', count);
    if (lines.length === STEPS + 1) return found('one-step-too-many', count);
    if (lines.length !== STEPS) return found('wrong-number-of-lines', count);
    const read = lines.map(line =>
      /^(\d+) acc_train_loss (\S+\.\d\d) acc_train_error (\S+\.\d\d)% test_error (\S+\.\d\d)%$/.exec(line),
    );
    const strange = read.indexOf(null);
    if (strange !== -1) return found('log-format', { theirs: lines[strange]!, right: this.#wantedLine(strange) });
    const column = (i: number) => read.map(line => Number(line![i]));
    const steps = column(1);
    if (steps.every((k, i) => k === i + 1)) return found('counts-from-one', { theirs: 1 });
    const wrong = steps.findIndex((k, i) => k !== i);
    if (wrong !== -1) return found('counts-wrongly', { number: wrong + 1, theirs: steps[wrong]!, right: wrong });
    return this.#losses(column(2)) ?? this.#trainErrors(column(3), column(4)) ?? this.#testErrors(column(4), column(3));
  }

  /** The versions of the weights before and after each step, as far as they can be told. */
  #versionAt(step: number): number {
    if (this.#forward.at(-1)?.version === 0) return 0; // they never change
    return this.#stepsAreWhole() ? step : step * TRAIN;
  }

  #stepsAreWhole(): boolean {
    return new Set(this.#forward.map(({ version }) => version)).size <= STEPS + 1;
  }

  /** The last look at each sample of a set that was made with these weights, or −1 … where there was none. */
  #looks(set: 'train' | 'test', from: number, to = from): ForwardLook[] {
    const own = this.#forward.filter(
      ({ sample, version }) => version >= from && version <= to && sample >= 0 && sample < TRAIN === (set === 'train'),
    );
    return [...new Map(own.map(look => [look.sample, look])).values()];
  }

  /** The sums of the losses that a step's passes have. */
  #lossAt(step: number): number {
    return this.#trainLooks(step).reduce((sum, look) => sum + this.#lossOf(look), 0);
  }

  #trainLooks(step: number): ForwardLook[] {
    const from = this.#versionAt(step);
    return this.#looks('train', from, this.#stepsAreWhole() ? from : from + TRAIN - 1);
  }

  #lossOf({ values, sample, t }: ForwardLook): number {
    const target = (c: number) => (t === undefined ? (c === labelOf(sample) ? this.#zeta : 0) : t[c]!);
    return Array.from(values[3]!).reduce((sum, y, c) => sum + (target(c) - y) ** 2, 0);
  }

  #wantedLine(step: number): string {
    const percent = (looks: ForwardLook[], count: number) => ((100 * errorsOf(looks)) / count).toFixed(2);
    const test = this.#looks('test', this.#versionAt(step + 1));
    return `${step} acc_train_loss ${this.#lossAt(step).toFixed(2)} acc_train_error ${percent(this.#trainLooks(step), TRAIN)}% test_error ${percent(test, TEST)}%`;
  }

  #losses(theirs: readonly number[]): Finding | null {
    const steps = row(STEPS, k => k);
    const right = steps.map(k => this.#lossAt(k));
    const is = (wanted: readonly number[]) => agree(theirs, wanted);
    if (is(right)) return null;
    const found = (id: string, fill = {}) => this.#found('loop', id, fill, /loss\s*\(/);
    const last = steps.map(k => {
      const look = this.#trainLooks(k).at(-1);
      return look === undefined ? Number.NaN : this.#lossOf(look);
    });
    if (is(last)) return found('loss-of-the-last-sample');
    if (is(right.map(x => x / TRAIN)) || is(right.map(x => x / TRAIN / CLASSES)) || is(right.map(x => x / CLASSES)))
      return found('loss-averaged');
    if (is(right.map(x => x / 2))) return found('loss-halved');
    if (is(running(right))) return found('loss-never-reset');
    const after = steps.map(k =>
      this.#looks('train', this.#versionAt(k + 1)).reduce((sum, look) => sum + this.#lossOf(look), 0),
    );
    if (theirs.slice(0, -1).every((x, k) => Math.abs(x - after[k]!) <= 0.0051 + 1e-4 * after[k]!))
      return found('loss-after-the-update');
    const step = theirs.findIndex((x, k) => !agree([x], [right[k]!]));
    return found('loss-wrong', { step, theirs: shown(theirs[step]!), right: right[step]!.toFixed(2) });
  }

  #trainErrors(theirs: readonly number[], others: readonly number[]): Finding | null {
    const steps = row(STEPS, k => k);
    const right = steps.map(k => errorsOf(this.#trainLooks(k)));
    const percent = right.map(e => (100 * e) / TRAIN);
    if (agree(theirs, percent)) return null;
    const found = (id: string, fill = {}) => this.#found('loop', id, { name: 'acc_train_error', ...fill }, /rror/);
    const common = this.#errorMistake(
      theirs,
      right,
      TRAIN,
      TEST,
      steps.map(k => this.#trainLooks(k)),
    );
    if (common !== null) return found(common);
    const test = steps.map(k => (100 * errorsOf(this.#looks('test', this.#versionAt(k + 1)))) / TEST);
    if (agree(theirs, test) && agree(others, percent)) return found('errors-swapped');
    const after = steps.map(k => (100 * errorsOf(this.#looks('train', this.#versionAt(k + 1)))) / TRAIN);
    if (agree(theirs.slice(0, -1), after.slice(0, -1))) return found('train-error-after-the-update');
    const step = theirs.findIndex((x, k) => !agree([x], [percent[k]!]));
    return found('train-error-wrong', { step, theirs: theirs[step]!.toFixed(2), right: percent[step]!.toFixed(2) });
  }

  #testErrors(theirs: readonly number[], trainErrors: readonly number[]): Finding | null {
    const found = (id: string, fill = {}) => this.#found('loop', id, { name: 'test_error', ...fill }, /test/i);
    const steps = row(STEPS, k => k);
    const after = steps.map(k => this.#looks('test', this.#versionAt(k + 1)));
    const before = steps.map(k => this.#looks('test', this.#versionAt(k)));
    const percent = (looks: readonly ForwardLook[][]) => looks.map(list => (100 * errorsOf(list)) / TEST);
    const ofTraining = steps.map(k => (100 * errorsOf(this.#looks('train', this.#versionAt(k + 1)))) / TRAIN);
    if (after.every(list => list.length === 0)) {
      if (agree(theirs, ofTraining)) return found('test-error-of-training-samples');
      if (before.some(list => list.length > 0)) return found('test-error-before-the-update');
      return found(agree(theirs, trainErrors) ? 'test-error-of-training-samples' : 'no-test-pass');
    }
    // the last step has no look after it where the look comes before the update
    if (after.at(-1)!.length === 0 && before.every(list => list.length === TEST))
      return found('test-error-before-the-update');
    const short = after.find(list => list.length < TEST);
    if (short !== undefined) return found('test-samples-left-out', { theirs: short.length, right: TEST });
    const right = percent(after);
    if (agree(theirs, right)) return null;
    const common = this.#errorMistake(
      theirs,
      after.map(list => errorsOf(list)),
      TEST,
      TRAIN,
      after,
    );
    if (common !== null) return found(common);
    const ofTrainTargets = after.map(
      list =>
        (100 * list.filter(({ values, sample }) => largest(values[3]!) !== trainLabels[sample - TRAIN]).length) / TEST,
    );
    if (agree(theirs, ofTrainTargets)) return found('test-error-of-training-targets');
    if (agree(theirs, trainErrors)) return found('test-error-of-training-samples');
    if (agree(theirs.slice(0, -1), ofTraining.slice(0, -1))) return found('test-error-of-training-samples');
    const step = theirs.findIndex((x, k) => !agree([x], [right[k]!]));
    return found('test-error-wrong', { step, theirs: theirs[step]!.toFixed(2), right: right[step]!.toFixed(2) });
  }

  /** What both errors can suffer from. */
  #errorMistake(
    theirs: readonly number[],
    errors: readonly number[],
    count: number,
    other: number,
    looks: readonly ForwardLook[][],
  ): string | null {
    const is = (f: (e: number) => number) => agree(theirs, errors.map(f));
    if (is(e => e / count)) return 'error-not-in-percent';
    if (is(e => e)) return 'error-counted';
    if (is(e => 100 - (100 * e) / count)) return 'accuracy-for-error';
    if (
      agree(
        theirs,
        running(errors).map(e => (100 * e) / count),
      )
    )
      return 'error-never-reset';
    if (is(e => (100 * e) / other)) return 'error-by-the-wrong-count';
    if (theirs.every(x => x === 100)) return 'error-always';
    if (theirs.every(x => x === 0)) return 'error-never';
    const smallest = looks.map(
      list =>
        (100 *
          list.filter(({ values, sample }) => largest(Array.from(values[3]!, x => -x)) !== labelOf(sample)).length) /
        count,
    );
    return agree(theirs, smallest) ? 'smallest-for-largest' : null;
  }
}

function errorsOf(looks: readonly ForwardLook[]): number {
  return looks.filter(({ values, sample }) => largest(values[3]!) !== labelOf(sample)).length;
}

function labelOf(sample: number): number {
  return sample < TRAIN ? trainLabels[sample]! : testLabels[sample - TRAIN]!;
}

function largest(values: Numbers): number {
  let best = 0;
  for (let c = 1; c < values.length; c++) if (values[c]! > values[best]!) best = c;
  return best;
}

/** Whether what is printed with two digits is what is right. */
function agree(theirs: readonly number[], right: readonly number[]): boolean {
  return theirs.every((x, k) => Math.abs(x - right[k]!) <= 0.0051 + 1e-4 * Math.abs(right[k]!));
}

function running(values: readonly number[]): number[] {
  let sum = 0;
  return values.map(x => {
    sum += x;
    return sum;
  });
}

/** The entries that the watching passes keep of a tensor. */
function fewOf(t: Tensor): Numbers {
  const all = t.elements();
  if (all.length <= FEW) return Float64Array.from(all);
  return Float64Array.from({ length: FEW }, (_, i) => all[Math.floor((i * all.length) / FEW)]!);
}

function row<T>(length: number, make: (i: number) => T): T[] {
  return Array.from({ length }, (_, i) => make(i));
}

function same(a: Numbers, b: Numbers): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i]) && a[i] !== b[i]) return false;
  return true;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

/** Without the digits that float32 adds. */
function round(x: number): number {
  return Number(x.toPrecision(6));
}

function exponential(x: number): string {
  return x.toExponential(1).replace('-', '−');
}
