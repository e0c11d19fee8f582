import type { Line } from '../../src/practice/follow.ts';
import type { ValueName } from './values.ts';

/** Files that compute, by their names. */
export type Sources = Readonly<Record<string, string>>;

/** `dl_dx2`, or `dlDx2` as TypeScript has it. */
const named = (name: string): string =>
  `(?:${name}|${name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())})`;
const given = (name: string): RegExp => new RegExp(`^\\s*(?:const|let|var)\\s+${named(name)}\\b.*=`);
const defined = (name: string): RegExp => new RegExp(`^\\s*(?:export\\s+)?(?:const|let|function)\\s+${name}\\b`);
const added = (name: string): RegExp => new RegExp(`^\\s*${named(name)}\\s*(?:\\.\\s*add_\\b|\\+=)`);

/** How the lines that make each value look, by the names that the practical gives them. */
const patterns: Readonly<Record<ValueName, readonly RegExp[]>> = {
  x0: [given('x0')],
  s1: [given('s1')],
  x1: [given('x1'), defined('sigma')],
  s2: [given('s2')],
  x2: [given('x2'), defined('sigma')],
  t: [/\btargets\b.*\.mul\(zeta\)/],
  loss: [defined('loss')],
  dl_dx2: [given('dl_dx2'), defined('dloss')],
  dsigma2: [defined('dsigma')],
  dl_ds2: [given('dl_ds2'), defined('dsigma')],
  dl_dx1: [given('dl_dx1')],
  dsigma1: [defined('dsigma')],
  dl_ds1: [given('dl_ds1'), defined('dsigma')],
  dl_dw2: [added('dl_dw2')],
  dl_db2: [added('dl_db2')],
  dl_dw1: [added('dl_dw1')],
  dl_db1: [added('dl_db1')],
};

/** The lines that make each value; none for a value that goes by another name there. */
export function linesOf(sources: Sources): Record<ValueName, readonly Line[]> {
  const found = Object.entries(patterns).map(([name, wanted]) => [
    name,
    wanted.map(pattern => lineLike(pattern, sources)).filter(line => line !== undefined),
  ]);
  return Object.fromEntries(found);
}

/** The line of the reference engine that takes the step of a parameter: `w1.sub_(dlDw1.mul(eta))`. */
export function stepLineOf(parameter: string, sources: Sources): Line | undefined {
  return lineLike(new RegExp(`^\\s*${parameter}\\.sub_\\(`), sources);
}

function lineLike(pattern: RegExp, sources: Sources): Line | undefined {
  for (const [file, source] of Object.entries(sources)) {
    const texts = source.split('\n');
    const line = texts.findIndex(text => pattern.test(text));
    if (line !== -1) return { file, line: line + 1, text: texts[line]!.trim() };
  }
  return undefined;
}
