import { expect, test } from 'vitest';
import { sentences } from '../src/cli/plateau.ts';
import {
  initialParameters,
  loadData,
  manualSeed,
  type OneHotData,
  problemOf,
  type StepReport,
  type Tensor,
  train,
  wasmEngine,
  zeros,
} from '../src/index.ts';
import { Plateau } from '../src/plateau.ts';
import type { Settings } from '../src/settings/table.ts';
import { type GoldenLog, golden } from './golden/logs.ts';

/** What is said of these steps. */
async function notes(
  lossOfZeros: number,
  reports: Iterable<StepReport> | AsyncIterable<StepReport>,
  responses: () => Promise<Tensor> = async () => zeros(1, 1),
): Promise<string[]> {
  const plateau = new Plateau(lossOfZeros, responses);
  const found: string[] = [];
  for await (const report of reports) {
    const standstill = await plateau.after(report);
    if (standstill !== undefined) found.push(`step ${report.step}: ${sentences[standstill]}`);
  }
  return found;
}

const data = (await loadData({
  ...{ dataset: 'drawn', tiny: true, oneHotLabels: true, normalize: true, log: () => {} },
})) as OneHotData;

/** What is said of a training on drawn digits. */
async function said({
  eta = 0.1,
  epsilon = 1e-6,
  steps = 60,
  seed = 0,
  targets = '01',
}: Partial<Settings>): Promise<string[]> {
  manualSeed(seed);
  const problem = problemOf(data, { targets });
  const parameters = initialParameters({ inputs: 784, hidden: 50, classes: 10 }, epsilon);
  const engine = await wasmEngine(problem, parameters, { threads: 1 });
  const lossOfZeros = problem.trainTarget.pow(2).sum().item();
  try {
    return await notes(lossOfZeros, train(engine, { steps, eta }), () => engine.responses('train'));
  } finally {
    await engine.dispose();
  }
}

test("PyTorch's log of the practical: one note where the loss stands still, one where the error falls", async () => {
  const log = golden<Record<string, GoldenLog>>('mnist-log.json')['small 0']!;
  const found = await notes(
    810,
    log.map(([trainLoss, errors, testErrors], step) => ({
      ...{ step, trainLoss, trainError: errors / 10, testError: testErrors / 10 },
    })),
  );
  expect(found).toEqual([
    expect.stringMatching(/^step 1\d: a plateau, no mistake/),
    expect.stringMatching(/^step 2[789]: the plateau is over/),
  ]);
  for (const note of found) expect(note.length).toBeLessThan(160);
});

test('the same on drawn digits', async () => {
  expect(await said({})).toEqual([
    expect.stringMatching(/^step 1\d: a plateau/),
    expect.stringMatching(/^step [23]\d: the plateau is over/),
  ]);
});

test('no plateau where small steps make the loss fall slowly, nor where nothing moves', async () => {
  expect(await said({ eta: 0.001, steps: 200 })).toEqual([]);
  expect(await said({ eta: 1e-12 })).toEqual([]);
});

test.each([0, 1, 2, 3, 4])('weights of order 1 saturate tanh from the start, and no plateau (seed %d)', async seed => {
  const found = await said({ epsilon: 1, steps: 100, seed });
  expect(found).toEqual([expect.stringMatching(/^step 10: the initial weights are too large.*smaller --epsilon\.$/)]);
  expect(found[0]!.length).toBeLessThan(160);
});

test.each([
  { epsilon: 0.1 },
  { epsilon: 0.1, eta: 0.001 },
  { epsilon: 0.3, eta: 0.001 }, // far above the loss of zeros, and slow, but most slopes are alive
  { epsilon: 1, targets: 'pm1' },
  { epsilon: 0.1, targets: 'pm1' },
  { targets: 'pm1', eta: 0.001 },
] as Partial<Settings>[])('%j: learned slowly or fast, and no word on weights', async settings => {
  for (const seed of [0, 1, 2]) expect((await said({ ...settings, seed })).join()).not.toMatch(/too large|saturated/);
});

test.each([{ eta: 3 }, { eta: 1e9 }, { epsilon: 1e30 }])('%j: tanh is saturated, and no plateau', async settings => {
  const found = await said(settings);
  expect(found).toEqual([expect.stringMatching(/tanh is saturated.*smaller --eta or --epsilon/)]);
  expect(found[0]!.length).toBeLessThan(160);
});

test('nothing is said where the loss stands still because everything is learned', async () => {
  const learned = (trainLoss: number, step: number) => ({ step, trainLoss, trainError: 0.1, testError: 15 });
  expect(await notes(810, [810, 40, 39.99, 39.985, 39.98, 39.98, 39.98].map(learned))).toEqual([]);
});
