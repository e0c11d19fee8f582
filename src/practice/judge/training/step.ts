import type { Finding } from '../finding.ts';
import { shown } from '../words.ts';
import type { Found } from './found.ts';
import { CLASSES, EPSILON, ETA, TEST, TRAIN, testLabels, trainLabels, ZETA } from './small-training.ts';
import { type Numbers, same, type Watched } from './watched.ts';

const parameterNames = ['w1', 'b1', 'w2', 'b2'];
const sumNames = ['dlDw1', 'dlDb1', 'dlDw2', 'dlDb2'];

/** Judges the gradient steps: their targets, where they begin, their samples, sums and updates. */
export function judgeSteps(
  watched: Watched,
  found: Found,
): { readonly finding: Finding | null; readonly zeta: number } {
  const steps = new Steps(watched, found);
  return { finding: steps.judge(), zeta: steps.zeta };
}

class Steps {
  readonly #watched: Watched;
  readonly #found: Found;
  /** What the targets really are multiplied by. */
  zeta: number = ZETA;

  constructor(watched: Watched, found: Found) {
    this.#watched = watched;
    this.#found = found;
  }

  judge(): Finding | null {
    const backward = this.#watched.backward;
    const trained = this.#watched.forward.some(({ sample }) => sample >= 0 && sample < TRAIN);
    if (this.#watched.forward.length === 0 || (!trained && backward.length === 0)) return this.#found('no-passes');
    if (backward.length === 0) return this.#found('no-backward-pass');
    return this.#targets() ?? this.#beginning() ?? this.#unset() ?? this.#samples() ?? this.#sums() ?? this.#updates();
  }

  /** The four parameters as they were drawn. */
  #beginning(): Finding | null {
    const sizes = [50 * 784, 50, 10 * 50, 10];
    const found = (id: string, fill: Readonly<Record<string, string | number>> = {}) =>
      this.#found(id, fill, /normal_|uniform_|randn|\bw1\s*=/);
    for (const [i, name] of parameterNames.entries()) {
      const [size, spread] = [this.#watched.start[i]![0]!, this.#watched.start[i]![1]!];
      if (size !== sizes[i]) return found('wrong-size', { name, theirs: size, right: sizes[i]! });
      if (Number.isNaN(spread)) return found('weights-not-set', { name });
      if (spread === 0) return found('weights-zero', { name });
    }
    const [, spread, largest] = Array.from(this.#watched.start[0]!) as [number, number, number];
    // of 39,200 normal values the largest is about four standard deviations out, of uniform ones never two
    if (largest / spread < 2.5) return found('weights-uniform');
    if (spread > 0.3) return found('weights-too-large', { theirs: shown(spread) });
    // the standard deviation of so many values is known to half a percent
    if (Math.abs(spread / EPSILON - 1) > 0.1) return found('epsilon-wrong', { theirs: exponential(spread) });
    for (const [i, name] of parameterNames.entries()) {
      const own = this.#watched.start[i]![1];
      if (!(own! < 5 * EPSILON && own! > EPSILON / 10))
        return found('epsilon-wrong', { name, theirs: exponential(own!) });
    }
    return null;
  }

  #targets(): Finding | null {
    const found = (id: string, fill = {}) => this.#found(id, fill, /0\.9|zeta|[tT]arget/);
    for (const { t, sample } of this.#watched.backward) {
      const label = sample < TRAIN ? trainLabels[sample] : testLabels[sample - TRAIN];
      const most = Math.max(...Array.from(t));
      const least = Math.min(...Array.from(t));
      const at = Array.from(t).indexOf(most);
      if (t.length !== CLASSES) return found('targets-not-one-hot');
      if (least < 0 && Math.abs(least + most) < 1e-6) return found('targets-minus-one', { theirs: shown(round(most)) });
      if (!Array.from(t).every((y, c) => (c === at ? y > 0 : y === 0))) return found('targets-not-one-hot');
      this.zeta = most;
      if (most === 1) return found('zeta-forgotten');
      if (Math.abs(most - ZETA) > 1e-6) return found('zeta-wrong', { theirs: shown(round(most)) });
      if (label !== undefined && at !== label) return found('target-of-another-sample');
    }
    return null;
  }

  /** Which samples make up a step. */
  #samples(): Finding | null {
    const backward = this.#watched.backward;
    if (backward.some(({ sample }) => sample >= TRAIN)) return this.#found('trains-on-the-test-set', {}, /backward/);
    const first = backward.filter(({ version }) => version === backward[0]!.version);
    if (first.length === 1 && backward.length > 2 && backward[1]!.version > backward[0]!.version)
      return this.#found('step-per-sample', {}, /\bw1\b.*sub|sub_/);
    const versions = new Set(backward.map(({ version }) => version));
    if (versions.size === 1 && backward.length > TRAIN) return this.#noStep();
    for (const look of backward) {
      const forward = this.#watched.forward.filter(
        ({ sample, version }) => sample === look.sample && version === look.version,
      );
      if (forward.length === 0)
        return this.#found('values-of-another-sample', { names: 's1, x1, s2 and x2' }, /backward/);
      const differing = ['s1', 'x1', 's2', 'x2'].filter(
        (_, i) =>
          (look.places[i]! >= 0 && look.places[i] !== i) ||
          !forward.some(({ values }) => same(values[i]!, look.values[i]!)),
      );
      if (differing.length > 0)
        return this.#found('values-of-another-sample', { names: differing.join(', ') }, /backward/);
    }
    for (const version of versions) {
      const used = backward.filter(look => look.version === version).map(({ sample }) => sample);
      const distinct = new Set(used).size;
      if (distinct < TRAIN) return this.#found('samples-left-out', { theirs: distinct, right: TRAIN }, /for\s*\(/);
      if (used.length > TRAIN) return this.#found('samples-twice', { theirs: used.length, right: TRAIN });
    }
    return null;
  }

  /** Sums that hold nothing yet. */
  #unset(): Finding | null {
    const [first] = this.#watched.backward;
    const name = sumNames.find((_, i) => Array.from(first!.before[i]!).some(Number.isNaN));
    return name === undefined ? null : this.#found('sums-not-set', { name }, /zeros|empty/);
  }

  /** Whether the four sums begin at zero with each step, and only then. */
  #sums(): Finding | null {
    const found = (id: string, fill = {}) => this.#found(id, fill, /zero_|zeros|empty/);
    const isZero = (numbers: Numbers) => Array.from(numbers).every(x => x === 0);
    const second = this.#watched.backward[1];
    if (second?.before.every(isZero)) return found('sums-zeroed-per-sample');
    for (const [k, look] of this.#watched.backward.entries()) {
      const previous = this.#watched.backward[k - 1];
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
    const versions = [...new Set([...this.#watched.forward, ...this.#watched.backward].map(({ version }) => version))];
    const right = ETA / TRAIN;
    for (const version of versions) {
      const last = this.#watched.backward.filter(look => look.version === version).at(-1);
      const next = this.#watched.forward.find(look => look.version === version + 1);
      if (last === undefined || next === undefined) continue;
      for (const [i, name] of parameterNames.entries()) {
        const sum = Array.from(last.after[i]!);
        const change = sum.map((_, k) => next.weights[i]![k]! - last.weights[i]![k]!);
        const size = dot(sum, sum);
        const own = dot(Array.from(last.weights[i]!), Array.from(last.weights[i]!));
        // a step that is lost in the rounding of float32 tells nothing
        if (size === 0 || right * right * size < 1e-8 * own) continue;
        if (change.every(x => x === 0)) return this.#notUpdated(name);
        const found = (id: string, fill = {}) => this.#found(id, fill, ...stepOf(name));
        const eta = -dot(change, sum) / size;
        const rest = change.map((x, k) => x + eta * sum[k]!);
        if (dot(rest, rest) > 1e-4 * dot(change, change) + 1e-13 * own)
          return found('step-of-another-gradient', { name, sum: sumNames[i]! });
        const is = (wanted: number) => Math.abs(eta / wanted - 1) < 0.02;
        if (is(right)) continue;
        if (is(-right)) return found('uphill', { name });
        const ofEta = (id: string) => this.#found(id, {}, /\beta\b/, ...stepOf('w1'));
        if (is(ETA)) return ofEta('eta-not-divided');
        if (is(right / TRAIN)) return ofEta('eta-divided-twice');
        if (is(ETA / TEST)) return ofEta('eta-by-test-count');
        return found(eta < 0 ? 'uphill' : 'eta-wrong', { name, theirs: shown(eta), right: shown(right), count: TRAIN });
      }
    }
    return versions.length === 1 ? this.#noStep() : null;
  }

  #noStep(): Finding {
    const why = this.#found.has(givingAnew('w1')) ? underscore('w1') : 'the step w ← w − η ∂ℓ/∂w is missing';
    return this.#found('no-step', { why }, givingAnew('w1'));
  }

  #notUpdated(name: string): Finding {
    const why = this.#found.has(givingAnew(name)) ? underscore(name) : 'its step is missing';
    return this.#found('not-updated', { name, why }, givingAnew(name), ...stepOf(name));
  }
}

/** Where a parameter gets another value: `w1.sub_(…)`, `w1 = …`. */
function changing(name: string): RegExp {
  return new RegExp(`(?<!const |let |var |\\w)${name}\\s*(\\.\\s*(add|sub|mul|div|copy)_\\s*\\(|-?=[^=])`);
}

/** Where a new tensor is made of a parameter, and forgotten: `w1.sub(…)` as a statement. */
function givingAnew(name: string): RegExp {
  return new RegExp(`(^|[;{])\\s*${name}\\s*\\.\\s*(add|sub)\\s*\\(`);
}

const underscore = (name: string): string =>
  `\`${name}.sub(…)\` gives a new tensor, and only the \`_\` is missing, \`${name}.sub_(…)\``;

/** Where the step of a parameter may be taken: its own line, or that of the parameter before it or after it. */
function stepOf(name: string): readonly RegExp[] {
  const i = parameterNames.indexOf(name);
  const others = [...parameterNames.slice(0, i).reverse(), ...parameterNames.slice(i + 1)];
  return [...[name, ...others].map(changing), /\.\s*(sub|add)_\s*\(/, /\bsub\b|\beta\b/];
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
