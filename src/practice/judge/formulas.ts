import type { StageName } from '../verdict.ts';
import { type Expression, parse } from './expression.ts';

/** The stages whose value has a formula: all but those that are about how sums grow and how a training goes. */
export type FormulaStage = Exclude<StageName, 'accumulation' | 'step' | 'loop'>;

/** What the practical says, in the notation of `expression.ts`: for the sentences. The numbers come from `practical.ts`. */
export const formulas: Readonly<Record<FormulaStage, Expression>> = {
  sigma: parse('tanh(x)'),
  dsigma: parse('1 - tanh(x)^2'),
  loss: parse('sum((t - v)^2)'),
  dloss: parse('2 * (v - t)'),
  s1: parse('w1 @ x + b1'),
  x1: parse('sigma(s1)'),
  s2: parse('w2 @ x1 + b2'),
  x2: parse('sigma(s2)'),
  dl_dx2: parse('dloss(x2, t)'),
  dl_ds2: parse('dl_dx2 * dsigma(s2)'),
  dl_dx1: parse('T(w2) @ dl_ds2'),
  dl_ds1: parse('dl_dx1 * dsigma(s1)'),
  dl_dw2: parse('outer(dl_ds2, x1)'),
  dl_db2: parse('dl_ds2'),
  dl_dw1: parse('outer(dl_ds1, x)'),
  dl_db1: parse('dl_ds1'),
};
