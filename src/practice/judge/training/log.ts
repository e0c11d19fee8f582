import type { Finding } from '../finding.ts';
import { shown } from '../words.ts';
import type { Found } from './found.ts';
import { CLASSES, labelOf, STEPS, TEST, TRAIN, trainLabels } from './small-training.ts';
import { type ForwardLook, largest, type Watched } from './watched.ts';

const steps = Array.from({ length: STEPS }, (_, k) => k);

/** Judges the loop by its log: how many lines, in which form, and whether their numbers are those that were seen. */
export function judgeLog(watched: Watched, zeta: number, found: Found): Finding | null {
  return new Log(watched, zeta, found).judge();
}

class Log {
  readonly #watched: Watched;
  /** What the targets really are multiplied by. */
  readonly #zeta: number;
  readonly #found: Found;

  constructor(watched: Watched, zeta: number, found: Found) {
    this.#watched = watched;
    this.#zeta = zeta;
    this.#found = found;
  }

  judge(): Finding | null {
    const lines = this.#watched.printed;
    const found = (id: string, fill: Readonly<Record<string, string | number>> = {}) =>
      this.#found(id, fill, /print\s*\(/);
    const toConsole = /\bconsole\s*\.\s*\w+\s*\(/;
    if (lines.length === 0 && this.#found.has(toConsole)) return this.#found('console-for-print', {}, toConsole);
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
    const numbers = column(1);
    if (numbers.every((k, i) => k === i + 1)) return found('counts-from-one', { theirs: 1 });
    const wrong = numbers.findIndex((k, i) => k !== i);
    if (wrong !== -1) return found('counts-wrongly', { number: wrong + 1, theirs: numbers[wrong]!, right: wrong });
    return this.#losses(column(2)) ?? this.#trainErrors(column(3), column(4)) ?? this.#testErrors(column(4), column(3));
  }

  /** The versions of the weights before and after each step, as far as they can be told. */
  #versionAt(step: number): number {
    if (this.#watched.forward.at(-1)?.version === 0) return 0; // they never change
    return this.#stepsAreWhole() ? step : step * TRAIN;
  }

  #stepsAreWhole(): boolean {
    return new Set(this.#watched.forward.map(({ version }) => version)).size <= STEPS + 1;
  }

  /** The last look at each sample of a set that was made with these weights, or −1 … where there was none. */
  #looks(set: 'train' | 'test', from: number, to = from): ForwardLook[] {
    const own = this.#watched.forward.filter(
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
    const right = steps.map(k => this.#lossAt(k));
    const is = (wanted: readonly number[]) => agree(theirs, wanted);
    if (is(right)) return null;
    const found = (id: string, fill = {}) => this.#found(id, fill, /loss\s*\(/);
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
    const right = steps.map(k => errorsOf(this.#trainLooks(k)));
    const percent = right.map(e => (100 * e) / TRAIN);
    if (agree(theirs, percent)) return null;
    const found = (id: string, fill = {}) => this.#found(id, { name: 'acc_train_error', ...fill }, /rror/);
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
    const found = (id: string, fill = {}) => this.#found(id, { name: 'test_error', ...fill }, /test/i);
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
