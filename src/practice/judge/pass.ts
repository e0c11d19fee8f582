import type { Tensor } from '../../tensor/index.ts';
import type { Answer, FunctionFacts, Site, TensorValue, Value } from '../protocol.ts';
import type { StageName } from '../verdict.ts';
import { identical, isRight } from './compare.ts';
import type { NetworkDraw } from './draws.ts';
import { type Examinee, type Failure, onItsWay, type Returned } from './examinee.ts';
import type { FormulaStage } from './formulas.ts';

export type PassStage = Exclude<FormulaStage, 'sigma' | 'dsigma' | 'loss' | 'dloss'>;

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
  readonly #putIn = new Map<number, PassStage>();
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

  /** One call, with other arguments or something more put in, where they are given. */
  ask(
    draw: NetworkDraw,
    args: Tensor[] = this.#argumentsOf(draw),
    more?: [site: number, stage: PassStage],
  ): Promise<Answer> {
    const putIn = more === undefined ? [...this.#putIn] : [...this.#putIn, more];
    const substitutes = Object.fromEntries(putIn.map(([site, stage]) => [site, onItsWay(draw[stage])]));
    return this.examinee.ask(this.name, args, { substitutes });
  }

  /** From here on the right value of `stage` stands at this site. */
  putIn(site: number, stage: PassStage): void {
    this.#putIn.set(site, stage);
    this.#answers = undefined;
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
}

export function probesOf(answer: Answer, site: number): Value[] {
  if (answer.kind !== 'returned' && answer.kind !== 'threw') return [];
  return answer.probes.filter(probe => probe.site === site).map(({ value }) => value);
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

/** What a stop in a line of a pass was about, by the sentence of the operation and the text of the line. */
export function hintFor(stage: StageName): (says: string, source: string) => string | null {
  return (says, source) => {
    const operation = /^(\w+):/.exec(says)?.[1] ?? '';
    const ofWeights = /^dl_dw/.test(stage);
    const [, a, b, c, d] = /\[(\d+), (\d+)\] and \[(\d+), (\d+)\]/.exec(says) ?? [];
    if (ofWeights && /^(add_|sub_|copy_)$/.test(operation) && a === d && b === c) return 'outer-reversed';
    if (/^(add_|sub_|copy_)$/.test(operation)) return 'sums-swapped';
    if (ofWeights && /^(mul|mul_)$/.test(operation)) return 'elementwise-for-outer';
    if (ofWeights && operation === 'mv') return 'mv-for-outer';
    if (operation === 'mm' && /Did you mean mv/.test(says)) return 'mm-for-mv';
    if (operation === 'mv' && /transpose/.test(says))
      return /\.\s*t\s*\(\s*\)/.test(source) ? 'transpose-too-many' : 'wants-transpose';
    if (operation === 'mv' && stage === 'dl_dx1' && /w1|W1/.test(source)) return 'wrong-matrix';
    if (operation === 'mv') return 'wrong-vector';
    if (/^(add|sub|mul|div)$/.test(operation)) return 'shapes-differ';
    return null;
  };
}
