import { catalogue } from '../../src/prologue/catalogue.ts';
import type { DataSetName } from '../../src/prologue/load-data.ts';
import { type SettingName, samplesOf, settings } from '../../src/settings/table.ts';

/** What a setting is called in the form, and what it does, to somebody who meets it for the first time. */
export const words: Readonly<Record<SettingName, { readonly name: string; readonly explanation: string }>> = {
  hidden: {
    name: 'Hidden units',
    explanation:
      'How many units there are between image and answer; each looks at the whole image and learns one pattern. With a ' +
      'few, digits are confused; with many, each step takes longer.',
  },
  eta: {
    name: 'Step size η',
    explanation:
      'How far a step goes against the gradient (it is divided by the number of training samples). Too small, and it ' +
      'crawls; too large, and the loss jumps about, or becomes NaN.',
  },
  epsilon: {
    name: 'First weights ε',
    explanation:
      'How large the random weights are at the start: their standard deviation. At 10⁻⁶ the network hardly says anything ' +
      'for a while, and the loss stands still: the plateau. At 1 most units are saturated from the beginning.',
  },
  zeta: {
    name: 'Target ζ',
    explanation:
      'The answer that is wanted for the right digit. tanh comes to 1 only for an infinite sum: with 0.9 the weights need ' +
      'not grow for ever.',
  },
  steps: {
    name: 'Steps',
    explanation:
      'How many gradient steps are taken; each looks at all training samples once. It is the one setting that does not ' +
      'begin anew: with more of them the training goes on.',
  },
  seed: {
    name: 'Seed',
    explanation:
      'Which random numbers the first weights are. The same seed gives the same training to the last bit, also in the ' +
      'terminal; another one starts elsewhere.',
  },
  dataset: {
    name: 'Data',
    explanation:
      'The images it learns. MNIST are digits written by hand; the drawn ones are made in the page, and are easier.',
  },
  size: {
    name: 'Samples',
    explanation:
      'How many images it learns from, and how many it is tested on. With few it learns them by heart, and the error on ' +
      'the others stays high.',
  },
  targets: {
    name: 'Other digits’ target',
    explanation: 'The answer that is wanted for the nine digits that it is not: 0, or −ζ.',
  },
  engine: {
    name: 'Computed by',
    explanation:
      'Fast kernels do the sums of all samples at once. So do the six functions of practical.ts, some five times slower, ' +
      'though they are written for one sample; or they take one after the other, some two hundred times slower. All ' +
      'three give the same sums.',
  },
};

const choices: Readonly<Record<string, string>> = {
  ...{ tiny: '500 + 100', reduced: '1,000 + 1,000', full: '60,000 + 10,000' },
  ...{ '01': '0', pm1: '−ζ' },
  ...{ wasm: 'fast kernels', batch: 'practical.ts, all at once', sample: 'practical.ts, one by one' },
};

/** A choice in words. */
export function inWords(choice: string | number): string {
  if (typeof choice === 'string') return choices[choice] ?? choice;
  const { train, test } = samplesOf(choice);
  return `${train.toLocaleString('en')} + ${test.toLocaleString('en')}`;
}

export const titleOf = (dataset: DataSetName): string =>
  dataset === 'drawn' ? 'drawn digits' : (catalogue[dataset]?.title ?? dataset);

/** The data sets that the page can show: grey images of 28 × 28. */
export const shownDataSets: readonly DataSetName[] = settings.dataset.values.choices!.filter(
  name => name !== 'cifar10',
);
