import { describe, expect, test } from 'vitest';
import {
  type Engine,
  initialParameters,
  logLine,
  manualSeed,
  type OneHotData,
  type Parameters,
  problemOf,
  type StepReport,
  sampleEngine,
  TrainingError,
  tensor,
  train,
  zeros,
} from '../src/index.ts';
import { madeProblem } from './golden/made-data.ts';

const report = (trainLoss: number, trainError = 0, testError = 0, step = 7): StepReport => ({
  step,
  trainLoss,
  trainError,
  testError,
});

describe('a line of the log is Python’s', () => {
  test('its form', () => {
    expect(logLine(report(810, 88.3, 90.1, 0))).toBe(
      '0 acc_train_loss 810.00 acc_train_error 88.30% test_error 90.10%',
    );
  });
  test.each([
    // what Python's '{:.02f}'.format(x) gives: ties go to the even digit
    [0.125, '0.12'],
    [0.375, '0.38'],
    [0.625, '0.62'],
    [0.875, '0.88'],
    [2.125, '2.12'],
    [405.375, '405.38'],
    [48600.625, '48600.62'],
    [1.005, '1.00'], // just below the tie, as a double
    [0.045, '0.04'], // just below
    [0.055, '0.06'], // just above
    [0, '0.00'],
    [99.995, '100.00'],
    [729.2549999, '729.25'],
    [8100, '8100.00'],
  ])('%d is printed as %s', (x, text) => {
    expect(logLine(report(x))).toContain(`acc_train_loss ${text} `);
    expect(logLine(report(0, x))).toContain(`acc_train_error ${text}% `);
    expect(logLine(report(0, 0, x))).toMatch(new RegExp(` ${text.replace('.', '\\.')}%$`));
  });
});

async function all(reports: AsyncIterable<StepReport>): Promise<StepReport[]> {
  const list: StepReport[] = [];
  for await (const report of reports) list.push(report);
  return list;
}

describe('the order within a step', () => {
  const calls: string[] = [];
  const counting: Engine = {
    trainCount: 200,
    testCount: 50,
    step: async eta => {
      calls.push(`step ${eta}`);
      return { loss: 3, errors: 5 };
    },
    testErrors: async () => {
      calls.push('test');
      return 7;
    },
    responses: async () => zeros(0, 0),
    parameters: async () => ({}) as Parameters,
    setParameters: async () => {},
    gradients: async () => ({}) as Parameters,
    dispose: async () => {},
  };

  test('the step of eta / N comes first, then the test set; errors are in percent', async () => {
    const reports = await all(train(counting, { steps: 2, eta: 0.4 }));
    expect(calls).toEqual(['step 0.002', 'test', 'step 0.002', 'test']);
    expect(reports[1]).toEqual({ step: 1, trainLoss: 3, trainError: 2.5, testError: 14 });
  });

  test('unless asked otherwise: 1,000 steps of 0.1 / N', async () => {
    calls.length = 0;
    expect(await all(train(counting))).toHaveLength(1000);
    expect(new Set(calls)).toEqual(new Set(['step 0.0005', 'test']));
  });

  test('a continued training counts from its first step', async () => {
    expect((await all(train(counting, { steps: 5, firstStep: 3 }))).map(r => r.step)).toEqual([3, 4]);
  });

  test('the training loss is of the weights before the update, the test error of those after it', async () => {
    const problem = madeProblem();
    manualSeed(0);
    const parameters = initialParameters({ inputs: 64, hidden: 20, classes: 10 }, 0.1);
    const [first, second] = await all(train(sampleEngine(problem, parameters), { steps: 2 }));
    const engine = sampleEngine(problem, parameters);
    expect((await engine.step(0)).loss).toBe(first!.trainLoss); // a step of size 0 looks without moving
    await engine.step(0.1 / 200);
    expect(await engine.testErrors()).toBe(first!.testError);
    expect((await engine.step(0)).loss).toBe(second!.trainLoss);
  });

  test('an engine keeps its own parameters: neither what it was given nor what it returns is its memory', async () => {
    const given = initialParameters({ inputs: 64, hidden: 20, classes: 10 }, 0.1);
    const before = given.w1.tolist();
    const engine = sampleEngine(madeProblem(), given);
    await engine.step(0.001);
    expect(given.w1.tolist()).toEqual(before);
    const returned = (await engine.parameters()).b2.tolist();
    (await engine.parameters()).b2.fill_(9);
    expect((await engine.parameters()).b2.tolist()).toEqual(returned);
  });
});

describe('a training that comes to NaN stops and says why', () => {
  const run = async (change: (problem: ReturnType<typeof madeProblem>, parameters: Parameters) => void, eta = 0.1) => {
    manualSeed(0);
    const problem = madeProblem();
    const parameters = initialParameters({ inputs: 64, hidden: 20, classes: 10 }, 0.1);
    change(problem, parameters);
    const reports: StepReport[] = [];
    try {
      for await (const r of train(sampleEngine(problem, parameters), { steps: 20, eta })) reports.push(r);
    } catch (error) {
      expect(error).toBeInstanceOf(TrainingError);
      return { message: (error as Error).message, reports };
    }
    throw new Error('it did not stop');
  };

  test('NaN among the inputs', async () => {
    const { message, reports } = await run(problem => problem.trainInput.select(0, 3).fill_(NaN));
    expect(reports).toEqual([]);
    expect(message).toMatch(/^step 0: the training loss is NaN/);
    expect(message).toContain('the inputs, the targets or the initial weights');
  });
  test('a parameter that is infinite at the start', async () => {
    const { message } = await run((_, parameters) => parameters.w2.fill_(Infinity));
    expect(message).toMatch(/^before step 0 w2 holds Infinity\. The likely cause: the inputs/);
  });
  test('steps far too large', async () => {
    const { message, reports } = await run(() => {}, 1e42);
    expect(reports.length).toBeGreaterThan(0);
    expect(message).toContain(`step ${reports.length}: `);
    expect(message).toMatch(/(w1|b1|w2|b2) holds/);
    expect(message).toContain('smaller eta');
  });
});

test('targets are 0 and ζ, or −ζ and ζ as in 2018, each with its own line between right and wrong', () => {
  const target = tensor([
    [0, 1],
    [1, 0],
  ]);
  const data: OneHotData<3> = {
    ...{ trainInput: zeros(2, 3), trainTarget: target, testInput: zeros(2, 3), testTarget: target },
    ...{ mean: 0, std: 1, source: '', dataset: 'made', inputShape: [1, 1, 3], normalisation: { mean: 0, std: 1 } },
  };
  const now = problemOf(data);
  const then = problemOf(data, { targets: 'pm1', zeta: 0.5 });
  expect(
    now.trainTarget.allclose(
      tensor([
        [0, 0.9],
        [0.9, 0],
      ]),
    ),
  ).toBe(true);
  expect(now.errorBelow).toBe(0.5);
  expect(then.testTarget.tolist()).toEqual([
    [-0.5, 0.5],
    [0.5, -0.5],
  ]);
  expect(then.errorBelow).toBe(0);
});
