import { describe, expect, test } from 'vitest';
import { PartingWatch } from '../src/compare/beside.ts';
import { compareLogs } from '../src/compare/compare.ts';
import { investigate } from '../src/compare/investigate.ts';
import { decodeLog, LogError, parseLog } from '../src/compare/log.ts';
import {
  type Engine,
  initialParameters,
  loadData,
  logLine,
  manualSeed,
  type OneHotData,
  type Parameters,
  type Problem,
  problemOf,
  type StepReport,
  type TargetOptions,
  type Tensor,
  train,
  wasmEngine,
} from '../src/index.ts';

const data = (await loadData({
  ...{ dataset: 'drawn', tiny: true, oneHotLabels: true, normalize: true, log: () => {} },
})) as OneHotData<784>;
const sizes = { train: 500, test: 100 };
const ETA = 0.1;

function startOf(seed: number, epsilon = 1e-6): Parameters {
  manualSeed(seed);
  return initialParameters({ inputs: 784, hidden: 12, classes: 10 }, epsilon) as unknown as Parameters;
}
const engineOf = (parameters: Parameters, problem: Problem = problemOf(data)) =>
  wasmEngine(problem, parameters, { threads: 1 });

async function collect(engine: Engine, steps: number, eta = ETA): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for await (const report of train(engine, { steps, eta })) reports.push(report);
  await engine.dispose();
  return reports;
}

/** As a log has it: two decimals. */
const printed = (reports: readonly StepReport[]) => parseLog(reports.map(logLine).join('\n'), 'log').reports;

const steps = 60;
const reference = await collect(await engineOf(startOf(0)), steps);

describe('a log is read', () => {
  test('with what stands around it, and with what Python writes for numbers that are none', () => {
    const text = [
      '> some shell said this',
      '** Use 1000 train and 1000 test samples',
      '0 acc_train_loss 810.00 acc_train_error 90.30% test_error 90.10%',
      '1 acc_train_loss nan acc_train_error 88.30% test_error 90.10%',
    ].join('\r\n');
    const { reports, samples } = parseLog(text, 'a.log');
    expect(samples).toEqual({ train: 1000, test: 1000 });
    expect(reports[0]).toEqual({ step: 0, trainLoss: 810, trainError: 90.3, testError: 90.1 });
    expect(reports[1]!.trainLoss).toBeNaN();
  });

  test("in UTF-16, as PowerShell's > writes it, and as the log.csv of a run", () => {
    const line = `${logLine(reference[0]!)}\n`;
    const utf16 = Buffer.from(`\uFEFF${line}`, 'utf16le');
    expect(parseLog(decodeLog(utf16), 'a.log').reports).toHaveLength(1);
    const { trainLoss, trainError, testError } = reference[0]!;
    const csv = `step,loss,training_error,test_error\n0,${trainLoss},${trainError},${testError}\n`;
    expect(parseLog(csv, 'log.csv').reports).toEqual([reference[0]]);
  });

  test('unless it is none, or lacks a step', () => {
    expect(() => parseLog('hello\n', 'a.txt')).toThrow(LogError);
    expect(() => parseLog('hello\n', 'a.txt')).toThrow('a.txt holds no line');
    const without = printed(reference).filter(({ step }) => step !== 3);
    expect(() => parseLog(without.map(logLine).join('\n'), 'a.log')).toThrow('line 4: step 4 stands where step 3');
  });
});

describe('where two trainings part', () => {
  test('nowhere, but for rounding', () => {
    const { verdict, says } = compareLogs(printed(reference), reference, sizes, ['a', 'b']);
    expect(verdict).toBe('equal');
    expect(says[0]).toBe('equal to rounding in all of the 60 steps');
  });

  test('two that begin a last bit apart part where rounding is amplified, and their averages agree', async () => {
    const nudged = startOf(0);
    (nudged.w1.select(0, 0) as Tensor).mul_(1 + 2 ** -23);
    const one = printed(await collect(await engineOf(startOf(0)), 400));
    const other = printed(await collect(await engineOf(nudged), 400));
    const { verdict, parting, says } = compareLogs(one, other, sizes, ['a', 'b']);
    expect(verdict).toBe('rounding');
    expect(parting).toBeGreaterThan(40);
    expect(says.join('\n')).toMatch(
      /as between any two correct programs[\s\S]*the averages over the steps \d+ to 399 agree/,
    );
  });

  test('another seed goes another way to the same end', async () => {
    const one = printed(await collect(await engineOf(startOf(0)), 400));
    const other = printed(await collect(await engineOf(startOf(5)), 400));
    const { verdict, says } = compareLogs(one, other, sizes, ['a', 'b']);
    expect(verdict).toBe('draw');
    expect(says[0]).toMatch(/^the same loss up to step [1-4]\d, then they go different ways to the same end/);
  });

  test('other steps are two programs, and the step is named', async () => {
    const other = printed(await collect(await engineOf(startOf(0)), steps, 0.2));
    const { verdict, parting, says } = compareLogs(printed(reference), other, sizes, ['mine', 'theirs']);
    expect([verdict, parting]).toEqual(['different', 1]);
    expect(says[0]).toMatch(/^equal to rounding up to step 0; from step 1 on they are two programs: mine has loss /);
  });
});

describe('a wrong log is no excuse for itself', () => {
  type Edit = [what: string, steps: number, parting: number, edit: (report: StepReport) => number];
  const edits: Edit[] = [
    ['a tenth more from step 1 on', 12, 1, ({ step, trainLoss }) => trainLoss * (step < 1 ? 1 : 1.1)],
    ['a loss that stands still from step 4 on', 12, 4, ({ step, trainLoss }) => (step < 4 ? trainLoss : 405)],
    ['one line', 12, 4, ({ step, trainLoss }) => trainLoss + (step === 4 ? 10 : 0)],
    ['a third more from step 20 on', 200, 20, ({ step, trainLoss }) => trainLoss * (step < 20 ? 1 : 1.3)],
    ['half as much again from step 90 on', 200, 90, ({ step, trainLoss }) => trainLoss * (step < 90 ? 1 : 1.5)],
    // a slope at another place shows as late, and as slowly
    [
      'a little from step 30 on',
      200,
      30,
      ({ step, trainLoss }) => trainLoss * (1 + Math.min(Math.max(0, step - 29) / 1000, 0.2)),
    ],
  ];

  test.each(edits)(
    '%s: two programs, whether the other one is known to be right or not',
    async (_, steps, at, edit) => {
      const right = printed(await collect(await engineOf(startOf(0)), steps + 15));
      const log = right.slice(0, steps).map(report => ({ ...report, trainLoss: edit(report) }));
      for (const known of [right, undefined]) {
        const { verdict, parting, says } = compareLogs(log, right.slice(0, steps), sizes, ['a', 'b'], known);
        expect([verdict, parting]).toEqual(['different', at]);
        expect(says[0]).toContain('they are two programs');
        expect(says.join('\n')).not.toMatch(/ agree| as near as/);
      }
    },
  );

  test.each([1, 10, 100])('steps of %f beside those of 0.1', async eta => {
    const right = printed(await collect(await engineOf(startOf(0)), 55));
    const log = printed(await collect(await engineOf(startOf(0)), 40, eta));
    for (const known of [right, undefined])
      expect(compareLogs(log, right.slice(0, 40), sizes, ['a', 'b'], known).verdict).toBe('different');
  });

  test('nor is a rise at once, where the steps are too wide for a right program, too', async () => {
    const right = printed(await collect(await engineOf(startOf(0)), 55, 10));
    const log = right.slice(0, 40).map(r => ({ ...r, trainLoss: r.trainLoss * (r.step === 0 ? 1 : 1.001) }));
    expect(compareLogs(log, right.slice(0, 40), sizes, ['a', 'b'], right)).toMatchObject({
      verdict: 'different',
      parting: 1,
    });
  });
});

test('nor is it one for functions that train beside the right ones', async () => {
  const right = printed(await collect(await engineOf(startOf(0)), 55, 10));
  const wrong = right.map(r => ({ ...r, trainLoss: r.trainLoss * (r.step === 0 ? 1 : 1.001) }));
  const watch = new PartingWatch(sizes);
  expect(watch.look(wrong, right)).toBeUndefined();
  expect(watch.found).toEqual({ step: 1, isAmplified: false });
});

describe('two correct programs', () => {
  const nudged = () => {
    const start = startOf(0);
    (start.w1.select(0, 0) as Tensor).mul_(1 + 2 ** -23);
    return start;
  };

  test('part as luck has it where the loss is thrown out above where it began', async () => {
    const [one, other] = [
      printed(await collect(await engineOf(startOf(0)), 300, 0.3)),
      printed(await collect(await engineOf(nudged()), 300, 0.3)),
    ];
    for (const known of [other, undefined]) {
      const { verdict, says } = compareLogs(one, other, sizes, ['a', 'b'], known);
      expect(verdict).toBe('rounding');
      expect(says.join('\n')).toContain('averages tell nothing');
    }
  });

  test('part before the loss rises, and the log may end there: the steps after it tell', async () => {
    const one = printed(await collect(await engineOf(startOf(0)), 400));
    const other = printed(await collect(await engineOf(nudged()), 400));
    const { parting } = compareLogs(one, other, sizes, ['a', 'b']);
    expect(other[parting! + 1]!.trainLoss).toBeLessThan(other[parting!]!.trainLoss); // it rises later
    const [cut, alike] = [one.slice(0, parting! + 1), other.slice(0, parting! + 1)];
    expect(compareLogs(cut, alike, sizes, ['a', 'b'], other.slice(0, parting! + 16)).verdict).toBe('rounding');
  });
});

/** A training whose steps are taken by hand: `update` is given the sums of the gradients. */
async function byHand(update: (sums: Parameters, step: number) => Partial<Record<keyof Parameters, Tensor>>) {
  const engine = await engineOf(startOf(0));
  const reports: StepReport[] = [];
  for (let step = 0; step < steps; step++) {
    const before = await engine.parameters();
    const { loss, errors } = await engine.step(0);
    const changes = update(await engine.gradients(), step);
    const after = Object.fromEntries(
      Object.entries(before).map(([name, value]) => {
        const change = changes[name as keyof Parameters];
        return [name, change === undefined ? value : (value as Tensor).sub(change)];
      }),
    );
    await engine.setParameters(after as unknown as Parameters);
    reports.push({ step, trainLoss: loss, trainError: errors / 5, testError: await engine.testErrors() });
  }
  await engine.dispose();
  return reports;
}

const all = (sums: Parameters, factor: number) =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, (sum as Tensor).mul(factor)]));

const retargeted = async (options: TargetOptions) =>
  collect(await engineOf(startOf(0), problemOf(data, options)), steps);

let kept: Record<string, Tensor> | undefined;

const mistakes: Record<string, [() => Promise<StepReport[]> | StepReport[], RegExp]> = {
  'the mean for the sum': [
    () => reference.map(r => ({ ...r, trainLoss: r.trainLoss / 500 })),
    /the mean, where the sum/,
  ],
  'half the loss': [() => reference.map(r => ({ ...r, trainLoss: r.trainLoss / 2 })), /factor ½/],
  'the mean over components': [
    () => reference.map(r => ({ ...r, trainLoss: r.trainLoss / 10 })),
    /divided by the 10 classes/,
  ],
  'the test error before the update': [
    () => reference.map((r, k) => ({ ...r, testError: (reference[k - 1] ?? r).testError })),
    /test error is taken before the update/,
  ],
  'the loss after the update': [
    () => reference.slice(0, -1).map((r, k) => ({ ...r, trainLoss: reference[k + 1]!.trainLoss })),
    /training loss is taken after the update/,
  ],
  'errors as fractions': [() => reference.map(r => ({ ...r, trainError: r.trainError / 100 })), /fractions/],
  'errors as counts': [() => reference.map(r => ({ ...r, trainError: r.trainError * 5 })), /counts/],
  'targets of −ζ and ζ': [() => retargeted({ targets: 'pm1' }), /targets of −0.9 and 0.9, as in 2018/],
  'targets of −1 and 1': [() => retargeted({ targets: 'pm1', zeta: 1 }), /targets of −1 and 1/],
  'no ζ': [() => retargeted({ zeta: 1 }), /not multiplied by ζ/],
  'η not divided by N': [() => byHand(sums => all(sums, ETA)), /not divided by the number of samples/],
  'η divided twice': [() => byHand(sums => all(sums, ETA / 500 / 500)), /divided by the number of samples twice/],
  'a forgotten factor 2': [() => byHand(sums => all(sums, ETA / 1000)), /factor 2 of dloss/],
  uphill: [() => byHand(sums => all(sums, -ETA / 500)), /uphill/],
  'no bias b2': [
    () => byHand(sums => ({ ...all(sums, ETA / 500), b2: sums.b2.mul(0) as Tensor })),
    /b2 is never updated/,
  ],
  'no bias b1': [
    () => byHand(sums => ({ ...all(sums, ETA / 500), b1: sums.b1.mul(0) as Tensor })),
    /b1 is never updated/,
  ],
  'sums never set to zero': [
    () =>
      byHand((sums, step) => {
        const before = step === 0 ? undefined : kept;
        kept = Object.fromEntries(
          Object.entries(sums).map(([name, sum]) => [name, before ? before[name]!.add(sum as Tensor) : sum]),
        ) as Record<string, Tensor>;
        return all(kept as unknown as Parameters, ETA / 500);
      }),
    /never set to zero/,
  ],
  'another seed': [async () => collect(await engineOf(startOf(3)), steps), /those of seed 3/],
};

describe('a log alone tells of', () => {
  const laboratory = { engine: engineOf, start: () => startOf(0), startOf, eta: ETA, seeds: [1, 2, 3] };
  const beside = { reference, sizes, classes: 10, zeta: 0.9 };

  test.each(Object.entries(mistakes))('%s', async (_, [make, says]) => {
    const found = await investigate({ ...beside, log: printed(await make()) }, laboratory);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(says);
  });

  test('nothing where the log is right until long after the first steps', async () => {
    const right = printed(await collect(await engineOf(startOf(0)), 200));
    const log = right.map(r => ({ ...r, trainLoss: r.trainLoss * (r.step < 90 ? 1 : 1.5) }));
    expect(await investigate({ ...beside, log, reference: right }, laboratory)).toEqual([]);
  });

  test('nothing where nothing is known to explain it', async () => {
    const log = printed(reference.map(r => ({ ...r, trainLoss: r.trainLoss * (1 + 0.01 * r.step) })));
    expect(await investigate({ ...beside, log }, laboratory)).toEqual([]);
  });
});
