import type { FunctionFacts } from '../protocol.ts';
import type { FormulaStage } from './formulas.ts';

/** What the arguments of the passes are called in the catalogue, in their order. */
export const forwardParameters = ['w1', 'b1', 'w2', 'b2', 'x'] as const;
export const backwardParameters = [
  'w1',
  'b1',
  'w2',
  'b2',
  't',
  'x',
  's1',
  'x1',
  's2',
  'x2',
  'dl_dw1',
  'dl_db1',
  'dl_dw2',
  'dl_db2',
] as const;

/** What the learner calls it: by the place among the parameters, or as a site was found, or as the practical does. */
export function namesOf(
  parameters: readonly string[],
  facts: FunctionFacts,
  sites: ReadonlyMap<FormulaStage, string>,
): (name: string) => string {
  const snake = facts.exportedAs.includes('_') || facts.parameters.some(name => name.startsWith('dl_'));
  return name => {
    const site = sites.get(name as FormulaStage);
    if (site !== undefined) return site;
    const place = parameters.indexOf(name);
    if (place !== -1) return facts.parameters[place] ?? name;
    return snake ? name : camel(name);
  };
}

/** `dl_dx2` → `dlDx2`. */
export function camel(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The stage of the forward pass that a name stands for: `s1`, `z1`, `h1`, … */
export function forwardStageNamed(name: string): FormulaStage | null {
  const [, letter, layer] = /^_?(s|z|x|h|a)_?([12])$/i.exec(name) ?? [];
  if (letter === undefined) return null;
  return `${/[sz]/i.test(letter) ? 's' : 'x'}${layer}` as FormulaStage;
}

/** The stage of the backward pass that a name stands for: `dl_dx2`, `dlDx2`, `dx2`, `gradX2`, `delta2`, … */
export function backwardStageNamed(name: string): FormulaStage | null {
  const plain = name.toLowerCase().replace(/[_$]/g, '');
  const [, value, layer] =
    /^(?:dldl|dldelta|dloss|dell|dl|loss|gradient|grad|delta|error|err|g|d)+(?:d|of)?([sxzahwb])([12])$/.exec(plain) ??
    [];
  if (value !== undefined) {
    const letter = value === 'z' ? 's' : /[ah]/.test(value) ? 'x' : value;
    return `dl_d${letter}${layer}` as FormulaStage;
  }
  const [, delta] = /^(?:delta|error|err|d|grad|gradient|g)([12])$/.exec(plain) ?? [];
  return delta === undefined ? null : (`dl_ds${delta}` as FormulaStage);
}
