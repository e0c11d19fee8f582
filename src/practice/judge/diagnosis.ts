import type { Tensor } from '../../tensor/index.ts';
import { mistakesAnywhere } from '../mistakes/anywhere.ts';
import { mistakesInFunctions } from '../mistakes/functions.ts';
import type { Mistake } from '../mistakes/mistake.ts';
import { mistakesInPasses } from '../mistakes/passes.ts';
import type { TensorValue } from '../protocol.ts';
import { firstWrong, reproduces, sameShape } from './compare.ts';
import { type Expression, evaluate, type Known, parse, print, replace } from './expression.ts';
import { type FormulaStage, formulas } from './formulas.ts';
import { search } from './search.ts';
import { capital, filled, shown, shownPlace, shownShape } from './words.ts';

/** What a learner's code gave in one draw, and what is right there. */
export interface Observation {
  readonly known: Known;
  readonly theirs: TensorValue;
  readonly right: Tensor;
}

export interface Diagnosis {
  readonly mistake: string | null;
  readonly says: string;
}

/** How the learner calls things. */
export interface Wording {
  /** What the sentence is about: "`dlDs1` (line 31)". */
  readonly subject: string;
  readonly verb: 'is' | 'computes';
  /** The learner's own line, where it is known. */
  readonly text: string;
  readonly nameOf: (known: string) => string;
  /** The stages before this one that have no name in the learner's code, and are computed within this one. */
  readonly nameless: readonly FormulaStage[];
}

interface Explanation {
  readonly id: string;
  readonly computes: Expression;
  readonly says: string;
  /** The stage whose mistake it is: this one, or one without a name that is computed within. */
  readonly stage: FormulaStage;
}

/** Says which mistake gives the numbers of all draws, or else what can be said of them. */
export function diagnose(stage: FormulaStage, observations: readonly Observation[], wording: Wording): Diagnosis {
  const fitting = explanations(stage, wording.nameless).filter(({ computes }) => explains(computes, observations));
  const explanation = likest(fitting, wording) ?? found(search(stage, observations), stage);
  const first = firstDifference(observations, wording, explanation !== undefined);
  const says =
    explanation === undefined
      ? `${wording.subject} is not what the formula says, ${print(inlined(formulas[stage], wording), wording.nameOf)}.`
      : sentence(explanation, stage, wording);
  return { mistake: explanation?.id ?? null, says: `${says} ${first}`.trim() };
}

/** Where several formulas give the same numbers, the one that names what the learner's line names is meant. */
function likest(fitting: readonly Explanation[], wording: Wording): Explanation | undefined {
  const words = new Set(wording.text.match(/\w+/g) ?? []);
  const isNegated = /\bneg_?\b|-/.test(wording.text);
  const unlike = ({ computes }: Explanation): number => {
    if (wording.text === '') return 0;
    const named = wordsOf(inlined(computes, wording), wording.nameOf);
    const alien = [...named].filter(word => !(word === 'neg' ? isNegated : words.has(word))).length;
    const known = ['sigma', 'dsigma', 'loss', 'dloss'].filter(word => words.has(word) && !named.has(word)).length;
    return alien + known;
  };
  let best: Explanation | undefined;
  for (const explanation of fitting) if (best === undefined || unlike(explanation) < unlike(best)) best = explanation;
  return best;
}

/** The learner's names in a formula, and its functions by those of the practical. */
function wordsOf(e: Expression, nameOf: (name: string) => string): Set<string> {
  switch (e.kind) {
    case 'number':
      return new Set();
    case 'name':
      return new Set([nameOf(e.name)]);
    case 'function': {
      const own = /^(d?sigma|d?loss|neg)$/.test(e.name) ? [e.name] : [];
      return new Set([...own, ...e.of.flatMap(inner => [...wordsOf(inner, nameOf)])]);
    }
    case 'power':
      return wordsOf(e.base, nameOf);
    case 'binary':
      return new Set([...wordsOf(e.left, nameOf), ...wordsOf(e.right, nameOf)]);
  }
}

/** With the formulas of the stages without a name in place of them. */
function inlined(expression: Expression, { nameless }: Wording): Expression {
  return nameless.reduceRight((whole, name) => replace(whole, name, formulas[name]), expression);
}

function sentence({ computes, says, stage: of }: Explanation, stage: FormulaStage, wording: Wording): string {
  const right = print(inlined(formulas[stage], wording), wording.nameOf);
  const names =
    of === stage ? wording.nameOf : (name: string) => print(inlined({ kind: 'name', name }, wording), wording.nameOf);
  const computed = print(inlined(replace(computes, 'right', formulas[stage]), wording), wording.nameOf);
  return `${wording.subject} ${wording.verb} ${computed}; the formula says ${right}. ${filled(says, names)}`.trim();
}

function found(expression: Expression | null, stage: FormulaStage): Explanation | undefined {
  return expression === null ? undefined : { id: 'another-formula', computes: expression, says: '', stage };
}

function explains(formula: Expression, observations: readonly Observation[]): boolean {
  return observations.every(({ known, theirs, right }) => {
    try {
      return reproduces(evaluate(formula, { ...known, right }), theirs);
    } catch {
      return false; // shapes that do not fit: the formula cannot have been computed
    }
  });
}

const ready = new Map<string, readonly Explanation[]>();

/** All that can explain a stage's numbers, the simplest first, with the mistakes of the nameless stages within it. */
function explanations(stage: FormulaStage, nameless: readonly FormulaStage[]): readonly Explanation[] {
  const key = [stage, ...nameless].join();
  const known = ready.get(key);
  if (known !== undefined) return known;
  const all = [...ofStage(stage)];
  for (const within of nameless) {
    for (const mistake of [...ofStage(within), ...anywhere(within)]) {
      const path = nameless.slice(nameless.indexOf(within) + 1).reverse();
      const later = path.reduce((whole, name) => replace(whole, name, formulas[name]), formulas[stage]);
      const computes = replace(later, within, replace(mistake.computes, 'right', formulas[within]));
      all.push({ ...mistake, computes });
    }
  }
  all.push(...anywhere(stage));
  ready.set(key, all);
  return all;
}

function ofStage(stage: FormulaStage): Explanation[] {
  return mistakes.filter(({ stages }) => stages.includes(stage)).flatMap(mistake => explanationsOf(mistake, stage));
}

function anywhere(stage: FormulaStage): Explanation[] {
  return mistakesAnywhere.flatMap(mistake => explanationsOf(mistake, stage));
}

function explanationsOf({ id, computes, says }: Omit<Mistake, 'stages'>, stage: FormulaStage): Explanation[] {
  return computes.map(text => ({
    id: forLayer(id, stage),
    computes: parse(forLayer(text, stage)),
    says: forLayer(says, stage),
    stage,
  }));
}

/** A mistake of either layer becomes one of the stage's layer. */
export function forLayer(text: string, stage: FormulaStage): string {
  const layer = stage.endsWith('1') ? '1' : '2';
  return text
    .replaceAll('#', layer)
    .replace(/\binput\b/g, word => (stage in functionsOnly ? word : layer === '1' ? 'x' : 'x1'));
}

const functionsOnly = { sigma: 1, dsigma: 1, loss: 1, dloss: 1 };

export const mistakes: readonly Mistake[] = [...mistakesInFunctions, ...mistakesInPasses];

/** What differs first: in shape, or in an entry. */
function firstDifference(observations: readonly Observation[], { nameOf }: Wording, isExplained: boolean): string {
  const shaped = observations.find(({ theirs, right }) => !sameShape(theirs.shape, right.shape));
  if (shaped !== undefined) {
    return `Its shape is ${shownShape(shaped.theirs.shape)} where ${shownShape(shaped.right.shape)} is right.`;
  }
  for (const { known, theirs, right } of observations) {
    const i = firstWrong(theirs, right);
    if (i === -1) continue;
    const [only] = Object.keys(known);
    const at =
      Object.keys(known).length === 1 && only !== undefined
        ? `Where ${nameOf(only)} is ${shown(known[only]!.elements()[i]!)}, `
        : right.dim() === 0
          ? ''
          : `First, at ${shownPlace(i, right.shape)}, `;
    const values = `${at}yours is ${shown(theirs.data[i]!)} and right is ${shown(right.elements()[i]!)}`;
    return `${capital(values)}.${isExplained ? '' : observed(theirs, right)}`;
  }
  return '';
}

/** What strikes the eye about numbers that nothing explains. */
function observed(theirs: TensorValue, right: Tensor): string {
  const wanted = right.elements();
  const wrong = wanted.filter((x, i) => !(Math.abs(theirs.data[i]! - x) <= 1e-5 * Math.max(1e-9, Math.abs(x)))).length;
  if (wanted.length > 1 && theirs.data.every(x => x === theirs.data[0])) return ' All your entries are the same.';
  if (wrong < wanted.length) return ` ${wanted.length - wrong} of ${wanted.length} entries are right.`;
  const sorted = (list: ArrayLike<number>) => Array.from(list).sort((a, b) => a - b);
  const [a, b] = [sorted(theirs.data), sorted(wanted)];
  if (wanted.length > 1 && a.every((x, i) => Math.abs(x - b[i]!) <= 1e-5 * Math.abs(b[i]!)))
    return ' Your entries are the right ones, but in another order.';
  if (wanted.length > 1 && wanted.every((x, i) => Math.sign(x) === -Math.sign(theirs.data[i]!)))
    return ' Every entry has the opposite sign.';
  return '';
}
