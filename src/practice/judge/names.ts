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

/** Which of the practical's parameters a name stands for: `input` for x, `wanted` for t, `pre1` for s1, `gw2` for dl_dw2. */
export function parameterNamed(name: string, parameters: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '');
  const known = parameters.find(parameter => plain(parameter) === plain(name));
  if (known !== undefined) return known;
  const alike =
    (/^(x0|inputs?|inp|image|sample)$/i.test(name) && 'x') ||
    (/^(targets?|wanted|truth|labels?|y)$/i.test(name) && 't') ||
    (/^(pred|predicted|prediction|response|output)$/i.test(name) && 'v') ||
    /^(?:sum|total|acc|grad|g|d)_?([wb][12])$/i.exec(name)?.[1]?.replace(/^/, 'dl_d').toLowerCase() ||
    forwardStageNamed(name);
  return alike && parameters.includes(alike) ? alike : null;
}

/** `dl_dx2` → `dlDx2`. */
export function camel(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The stage of the forward pass that a name stands for: `s1`, `z1`, `h1`, … */
export function forwardStageNamed(name: string): FormulaStage | null {
  const [, letter, layer] = /^_?(s|z|x|h|a|pre|post|net|act|out)_?([12])$/i.exec(name) ?? [];
  if (letter === undefined) return null;
  return `${/^(s|z|pre|net)$/i.test(letter) ? 's' : 'x'}${layer}` as FormulaStage;
}

/** The stage of the backward pass that a name stands for: `dl_dx2`, `dlDx2`, `dx2`, `gradX2`, `delta2`, … */
export function backwardStageNamed(name: string): FormulaStage | null {
  const plain = name.toLowerCase().replace(/[_$]/g, '');
  const [, value, layer] =
    /^(?:dldl|dldelta|dloss|dell|dl|loss|gradient|grad|delta|error|err|g|d)+(?:d|of)?([sxzahwb]|pre|post|net|act|out)([12])$/.exec(
      plain,
    ) ?? [];
  if (value !== undefined) {
    const letter = /^(z|pre|net)$/.test(value) ? 's' : /^(a|h|post|act|out)$/.test(value) ? 'x' : value;
    return `dl_d${letter}${layer}` as FormulaStage;
  }
  const [, delta] = /^(?:delta|error|err|d|grad|gradient|g)([12])$/.exec(plain) ?? [];
  return delta === undefined ? null : (`dl_ds${delta}` as FormulaStage);
}
