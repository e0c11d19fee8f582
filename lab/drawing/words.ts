import type { Settings } from '../../src/settings/table.ts';
import type { Reading } from './reader.ts';

/** Whether classes are digits, and not things of ten other kinds. */
export const areDigits = (dataset: string): boolean => dataset === 'mnist' || dataset === 'drawn';

/** `a 3`, `an 8`, `class 3`. */
export function nameOf(best: number, dataset: string): string {
  if (!areDigits(dataset)) return `class ${best}`;
  return `${best === 8 ? 'an' : 'a'} ${best}`;
}

/** What the network answers, in a few words: `a 3`, `perhaps a 3: weak response`. */
export function answerInWords({ class: best, doubts, responses }: Reading, dataset: string): string {
  if (!responses.every(Number.isFinite)) return 'no answer: its numbers are none any more';
  if (doubts.length === 0) return nameOf(best, dataset);
  const why = doubts.map(doubt => (doubt === 'two digits' ? 'two digits are drawn' : doubt)).join(', and ');
  return `perhaps ${nameOf(best, dataset)}: ${why}`;
}

/** Responses smaller than this are as good as none. */
const NEAR_ZERO = 0.05;

/** Why the answer is in doubt, or how sure it is; a sentence or two. */
export function reasonInWords(
  { class: best, doubts, responses, step }: Reading,
  { dataset, epsilon }: Pick<Settings, 'dataset' | 'epsilon'>,
): string {
  if (!responses.every(Number.isFinite))
    return 'Weights have become NaN or infinite. Go back in time, and the network answers again.';
  const largest = responses[best]!;
  const isSmall = responses.every(response => Math.abs(response) < NEAR_ZERO);
  if (isSmall && step === 0)
    return `No step is taken yet: all weights are near 0 (ε = ${epsilon}), so all responses are, and which is the largest is chance. Press Play and watch.`;
  if (isSmall)
    return `After ${inSteps(step)} the weights are still so small that all responses are near 0. They soon grow: go on.`;
  if (doubts.includes('two digits')) return 'Two large things are drawn apart. The network has learned one at a time.';
  if (doubts.includes('weak response'))
    return `Even the largest response is small. ${step < 100 ? 'The network has learned little yet' : `A drawing should look like the ${areDigits(dataset) ? 'digits' : 'images'} it was trained on`}.`;
  const [second] = responses
    .map((response, c) => ({ response, c }))
    .filter(({ c }) => c !== best)
    .sort((a, b) => b.response - a.response);
  return second === undefined || largest - second.response > 0.3
    ? `Its response is by far the largest.`
    : `But ${nameOf(second.c, dataset)} is close behind.`;
}

const inSteps = (step: number): string => `${step.toLocaleString('en')} ${step === 1 ? 'step' : 'steps'}`;

/** A number with its sign, a true minus: +0.83. */
export function signed(value: number, decimals = 2): string {
  if (!Number.isFinite(value)) return String(value);
  const digits = Math.abs(value).toFixed(decimals);
  return Number(digits) === 0 ? digits : `${value < 0 ? '−' : '+'}${digits}`;
}

/** How the drawing came to be what the network is shown. */
export function preparationInWords(form: Reading['form'], dataset: string): string {
  if (!areDigits(dataset))
    return `Of the pictures of ${dataset} none is laid out as MNIST’s digits are: the drawing is only shrunk to 28 × 28, as predict does too. Draw it as large as those images are.`;
  return form === 'mnist'
    ? 'Found on the sheet, scaled until its longer side fills a box of 20 × 20, and moved until its centre of mass lies in the middle of 28 × 28, as all digits of MNIST do. The same code as longhand predict.'
    : 'The whole sheet is merely shrunk to 28 × 28. The network has never seen a digit of this size in this place: draw one small, or in a corner, and compare.';
}
