import type { Tensor } from '../../tensor/index.ts';
import type { Answer, FunctionFacts, Site, TensorValue, Value } from '../protocol.ts';
import type { StageName } from '../verdict.ts';
import { type Form, formOf, identical, inForm, isRight } from './compare.ts';
import type { NetworkDraw, NetworkName } from './draws.ts';
import { type Examinee, type Failure, onItsWay, type Returned } from './examinee.ts';
import type { Hint } from './finding.ts';
import type { FormulaStage } from './formulas.ts';

export type PassStage = Exclude<FormulaStage, 'sigma' | 'dsigma' | 'loss' | 'dloss'>;

/** The right value of a stage, as a vector or, where the learner keeps columns or rows, as one of these. */
export interface PutIn {
  readonly stage: PassStage;
  readonly form: Form;
}

/**
 * One of the two passes, called with several draws. Where a stage is wrong, the right value is put in at its site, so
 * that the stages after it are judged by themselves.
 */
export class Pass {
  readonly examinee: Examinee;
  readonly name: 'forwardPass' | 'backwardPass';
  readonly facts: FunctionFacts;
  readonly draws: readonly NetworkDraw[];
  readonly #argumentsOf: (draw: NetworkDraw) => Tensor[];
  readonly #putIn = new Map<number, PutIn>();
  #answers: Promise<Answer[]> | undefined;

  constructor(
    examinee: Examinee,
    name: 'forwardPass' | 'backwardPass',
    draws: readonly NetworkDraw[],
    argumentsOf: (draw: NetworkDraw) => Tensor[],
  ) {
    this.examinee = examinee;
    this.name = name;
    this.facts = examinee.factsOf(name)!;
    this.draws = draws;
    this.#argumentsOf = argumentsOf;
  }

  /** What the draws give, with all that was put in so far. */
  answers(): Promise<Answer[]> {
    this.#answers ??= this.#askAll();
    return this.#answers;
  }

  async #askAll(): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const draw of this.draws) {
      const answer = await this.ask(draw);
      answers.push(answer);
      if (answer.kind !== 'returned' && answer.kind !== 'threw') break;
    }
    return answers;
  }

  /**
   * One call, with other arguments or something more put in, where they are given. The modules are loaded anew for it
   * unless it is to be seen what they keep.
   */
  ask(
    draw: NetworkDraw,
    {
      args = this.#argumentsOf(draw),
      more = [],
      afresh = true,
    }: {
      readonly args?: Tensor[];
      readonly more?: readonly (readonly [site: number, PutIn])[];
      readonly afresh?: boolean;
    } = {},
  ): Promise<Answer> {
    const substitutes = Object.fromEntries(
      [...this.#putIn, ...more].map(([site, { stage, form }]) => [site, onItsWay(inForm(draw[stage], form))]),
    );
    return this.examinee.ask(this.name, args, { substitutes, afresh });
  }

  /** From here on the right value of `stage` stands at this site. */
  putIn(site: number, stage: PassStage, form: Form = 'vector'): void {
    this.#putIn.set(site, { stage, form });
    this.#answers = undefined;
  }

  /** Answers that are right, but not the same when they are asked for again: by chance, or by what the code keeps. */
  async repeated(other: NetworkDraw): Promise<{ chance?: Pair; memory?: Pair }> {
    const draw = this.draws[0]!;
    const [first] = await this.answers();
    const again = await this.ask(draw);
    if (!sameAnswer(first!, again)) return { chance: [first!, again] };
    const alone = await this.ask(other);
    // each after the other, so that what is kept of one is wrong for the other
    for (let round = 0; round < 2; round++) {
      for (const [asked, wanted] of [
        [draw, first!],
        [other, alone],
      ] as const) {
        const answer = await this.ask(asked, { afresh: false });
        if (!sameAnswer(wanted, answer)) return { memory: [wanted, answer] };
      }
    }
    return {};
  }

  siteOf(number: number): Site {
    return this.examinee.transformed.sites[number]!;
  }

  /** The sites that each draw passed exactly once, with the tensors that they gave. */
  async passedOnce(): Promise<Map<number, TensorValue[]>> {
    const answers = await this.answers();
    const found = new Map<number, TensorValue[]>();
    for (const number of this.examinee.transformed.sites.keys()) {
      const values = answers.map(answer => probesOf(answer, number));
      const tensors = values.flatMap(list => (list.length === 1 && list[0]!.kind === 'tensor' ? [list[0]!] : []));
      if (tensors.length === answers.length) found.set(number, tensors as TensorValue[]);
    }
    return found;
  }

  areRight(values: readonly TensorValue[], stage: PassStage): boolean {
    return values.every((value, i) => isRight(value, this.draws[i]![stage]));
  }

  /** The form in which a learner keeps the values of a stage, or null where they have another shape altogether. */
  formOf(values: readonly TensorValue[], stage: PassStage): Form | null {
    const forms = values.map(({ shape }, i) => formOf(shape, this.draws[i]![stage].shape));
    return forms.every(form => form === forms[0]) ? (forms[0] ?? null) : null;
  }
}

export type Pair = readonly [first: Answer, second: Answer];

function sameAnswer(a: Answer, b: Answer): boolean {
  if (a.kind !== 'returned' || b.kind !== 'returned') return a.kind === b.kind;
  const all = ({ value, arguments: args }: Returned): Value => ({ kind: 'list', items: [value, ...args] });
  return sameValue(all(a), all(b));
}

export function probesOf(answer: Answer, site: number): Value[] {
  if (answer.kind !== 'returned' && answer.kind !== 'threw') return [];
  return answer.probes.filter(probe => probe.site === site).map(({ value }) => value);
}

/** What has become of a site's value by the end of a call, where it was changed in place. */
export function afterwardsOf(answer: Answer, site: number): Value | undefined {
  if (answer.kind !== 'returned' && answer.kind !== 'threw') return undefined;
  return answer.probes.find(probe => probe.site === site)?.afterwards;
}

/** The first answer that is none. */
export function failureAmong(answers: readonly Answer[]): Failure | undefined {
  return answers.find((answer): answer is Failure => answer.kind !== 'returned');
}

export function returnedOnly(answers: readonly Answer[]): Returned[] {
  return answers.filter((answer): answer is Returned => answer.kind === 'returned');
}

/** The items of a list; of anything else, none. */
export function itemsOf(value: Value): readonly Value[] {
  return value.kind === 'list' ? value.items : [];
}

/** Whether two answers hold the same numbers everywhere. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === undefined || b === undefined || a.kind !== b.kind) return false;
  if (a.kind === 'tensor') return identical(a, b as TensorValue);
  if (a.kind === 'list') return a.items.every((item, i) => sameValue(item, (b as typeof a).items[i]));
  return true;
}

/** What is known where a line stops: the stage, the draw, and how the learner calls things. */
export interface Stopping {
  readonly stage: StageName;
  readonly draw: NetworkDraw;
  readonly nameOf: (name: string) => string;
  readonly parameters: readonly string[];
}

/** What a stop in a line of a pass was about, by the sentence of the operation and the text of the line. */
export function hintFor({ stage, draw, nameOf, parameters }: Stopping): Hint {
  return (says, source): ReturnType<Hint> => {
    const operation = /^(\w+):/.exec(says)?.[1] ?? '';
    const words = new Set(source.match(/\w+/g) ?? []);
    const given = /^`(\w+)` is given nothing/.exec(says)?.[1];
    if (given !== undefined) {
      const name = new RegExp(`${given}\\w*\\(\\s*(\\w+)`, 'i').exec(source)?.[1];
      return name === undefined ? null : { mistake: 'given-nothing', fill: { name, given } };
    }
    if (/^\w+: (undefined|null);/.test(says)) {
      const name = new RegExp(`\\b${operation}\\w*\\(\\s*(\\w+)\\s*\\)`).exec(source)?.[1];
      if (name !== undefined) return { mistake: 'operand-is-nothing', fill: { name, operation } };
    }
    // `.T` is a property of a tensor, and no variable
    const variables = source.match(/(?<![.\w])[A-Za-z_]\w*/g) ?? [];
    const outside = variables.find(
      word => !parameters.includes(word) && parameters.some(name => name.toLowerCase() === word.toLowerCase()),
    );
    if (operation !== '' && outside !== undefined) {
      const name = parameters.find(own => own.toLowerCase() === outside.toLowerCase())!;
      return { mistake: 'another-variable', fill: { name, outside } };
    }
    const ofWeights = /^dl_dw/.test(stage);
    const adds = /^(add_|sub_|copy_)$/.test(operation);
    const [, a, b, c, d] = /\[(\d+), (\d+)\] and \[(\d+), (\d+)\]/.exec(says) ?? [];
    if (ofWeights && adds && a === d && b === c) return { mistake: 'outer-reversed' };
    if (ofWeights && adds && d !== undefined) {
      // a product of the right kind with one vector that is not the right one
      const right = stage === 'dl_dw1' ? ['dl_ds1', 'x'] : ['dl_ds2', 'x1'];
      const wrong = [c, d].map((length, i) => (length === [a, b][i] ? null : length));
      const at = wrong.findIndex(length => length !== null);
      const name = vectorsIn(words, draw, nameOf).find(
        own => wrong[at] === String(draw[own].numel()) && wrong[1 - at] === null && !right.includes(own),
      );
      const wanted = nameOf(right[at]!);
      if (name !== undefined) return { mistake: 'outer-with-another', fill: { name: nameOf(name), wanted } };
    }
    if (/^s[12]$/.test(stage) && /^(add|sub)_?$/.test(operation) && /\[\d+, \d+\]/.test(says))
      return { mistake: 'mul-for-mv' };
    if (adds && /\[(\d+), 1\] does not broadcast to \[\1\]/.test(says)) return { mistake: 'column-into-sum' };
    if (adds) return { mistake: 'sums-swapped' };
    if (ofWeights && /^(mul|mul_)$/.test(operation)) return { mistake: 'elementwise-for-outer' };
    if (ofWeights && operation === 'mv') return { mistake: 'mv-for-outer' };
    if (operation === 'dot' && /\[\d+, \d+\]/.test(says)) return { mistake: 'dot-for-mv' };
    if (operation === 'mm' && /Did you mean mv/.test(says)) return { mistake: 'mm-for-mv' };
    if (/^m[mv]$/.test(operation) && /transpose/.test(says)) {
      const transpose = /\.\s*t\s*\(\s*\)|\.T\b/.exec(source)?.[0];
      return transpose === undefined
        ? { mistake: 'wants-transpose' }
        : { mistake: 'transpose-too-many', fill: { transpose } };
    }
    if (operation === 'mv' && stage === 'dl_dx1' && /w1|W1/.test(source)) return { mistake: 'wrong-matrix' };
    if (operation === 'mv') return { mistake: 'wrong-vector' };
    if (/^(add|sub|mul|div)$/.test(operation)) return { mistake: 'shapes-differ' };
    return null;
  };
}

/** The vectors of the practical's that a line names. */
function vectorsIn(words: ReadonlySet<string>, draw: NetworkDraw, nameOf: (name: string) => string): NetworkName[] {
  return (Object.keys(draw) as NetworkName[]).filter(name => draw[name].dim() === 1 && words.has(nameOf(name)));
}
