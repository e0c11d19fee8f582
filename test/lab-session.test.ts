import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { History } from '../lab/training/history.ts';
import type { FromTrainer, SavedFile, ToTrainer } from '../lab/training/protocol.ts';
import { Session } from '../lab/training/session.ts';
import { Trainer } from '../lab/training/trainer.ts';
import type { Parameters } from '../src/index.ts';
import { initialParameters, LonghandError, loadData, networkOf, type OneHotData, problemOf } from '../src/index.ts';
import { encodeCheckpoint } from '../src/run/checkpoint.ts';
import { LOG_HEADER, logRow } from '../src/run/log-rows.ts';
import { defaults, type Settings } from '../src/settings/table.ts';
import { defaultGenerator } from '../src/tensor/index.ts';

const data = (await loadData({
  ...{ dataset: 'drawn', tiny: true, oneHotLabels: true, normalize: true, log: () => {} },
})) as OneHotData;
const settings: Settings = { ...defaults, dataset: 'drawn', size: 'tiny', hidden: 10, steps: 60 };

/** A short word for all bits of the parameters. */
function bitsOf(parameters: Parameters): string {
  const hash = createHash('sha256');
  for (const tensor of Object.values(parameters)) hash.update(tensor.elements());
  return hash.digest('hex');
}
const now = async ({ training }: Session): Promise<string> => bitsOf(await training.engine.parameters());

test('goes back in time, and forward again to the same bits, however few moments are kept', async () => {
  for (const most of [64e6, 200_000, 40_000, 1]) {
    const history = new History(most);
    const session = await Session.begin(settings, data, 1, history);
    const seen = [await now(session)];
    while (!session.isOver) {
      await session.next();
      seen.push(await now(session));
      expect(history.bytes).toBeLessThanOrEqual(Math.max(most, 4 * (784 * 10 + 10 + 100 + 10)));
    }
    const reports = [...session.reports];
    for (const step of [0, 31, 7, 60, 59, 1, 60]) {
      await session.goTo(step);
      expect(session.step).toBe(step);
      expect(await now(session)).toBe(seen[step]);
    }
    expect(session.reports).toEqual(reports);
    await session.dispose();
  }
});

test('looks one step ahead, and stays where it is', async () => {
  const session = await Session.begin(settings, data, 1);
  await session.goTo(40);
  const before = await now(session);
  const { gradients, after } = await session.lookAhead();
  expect(await now(session)).toBe(before);
  await session.next();
  expect(await now(session)).toBe(bitsOf(after));
  expect(bitsOf(await session.training.engine.gradients())).toBe(bitsOf(gradients));
  await session.dispose();
});

test('stands at the last step with numbers where the loss becomes NaN, and can be gone back in', async () => {
  const session = await Session.begin({ ...settings, eta: 1e300, steps: 50 }, data, 1);
  await session.goTo(50);
  expect(session.stopped).toMatch(/NaN|Infinity|infinite/i);
  const { step } = session;
  expect(session.isOver).toBe(true);
  expect(session.landmarks.at(-1)).toEqual({ step, kind: 'not finite' });
  await session.goTo(0);
  expect(session.step).toBe(0);
  await session.goTo(50);
  expect(session.step).toBe(step);
  await session.dispose();
});

test('a run that is opened goes on to the same bits, and back to its start', async () => {
  const whole = await Session.begin(settings, data, 1);
  const seen = [await now(whole)];
  while (!whole.isOver) {
    await whole.next();
    seen.push(await now(whole));
  }
  expect(whole.landmarks.map(({ kind }) => kind)).toEqual(['plateau', 'plateau over']);
  const atEnd = await Session.open(await whole.checkpoint(), whole.reports, data, 1);
  expect(atEnd.landmarks).toEqual(whole.landmarks);
  expect(await now(atEnd)).toBe(seen[60]);
  await atEnd.dispose();
  await whole.goTo(30);
  const run = await whole.checkpoint();
  const opened = await Session.open(run, whole.reports, data, 1);
  expect(opened.step).toBe(30);
  for (const step of [60, 0, 17, 45]) {
    await opened.goTo(step);
    expect(await now(opened)).toBe(seen[step]);
  }
  expect(opened.reports).toEqual(whole.reports);
  expect(opened.landmarks).toEqual(whole.landmarks);
  await opened.dispose();
  await whole.dispose();
});

test('a run that is opened knows again that it began saturated, which its log alone does not say', async () => {
  const whole = await Session.begin({ ...settings, hidden: 50, epsilon: 1 }, data, 1);
  await whole.goTo(20);
  expect(whole.landmarks).toEqual([{ step: 10, kind: 'began saturated' }]);
  const there = await now(whole);
  const opened = await Session.open(await whole.checkpoint(), whole.reports, data, 1);
  expect(opened.landmarks).toEqual(whole.landmarks);
  expect(opened.step).toBe(20);
  expect(await now(opened)).toBe(there);
  await opened.dispose();
  await whole.dispose();
});

test('a run whose data are not at hand is looked into where it was saved, and not gone on with', async () => {
  const whole = await Session.begin(settings, data, 1);
  await whole.goTo(30);
  const run = await whole.checkpoint();
  const there = await now(whole);
  const session = await Session.lookInto(run, whole.reports, 'MNIST is not here');
  expect(await now(session)).toBe(there);
  expect(session).toMatchObject({ step: 30, firstStep: 30, isOver: true, stopped: 'MNIST is not here' });
  expect(await session.next()).toBeUndefined();
  await session.goTo(60);
  await session.goTo(0);
  expect(session.step).toBe(30);
  expect(await now(session)).toBe(there);
  expect(session.reports).toEqual(whole.reports);
  await expect(session.lookAhead()).rejects.toThrow('MNIST is not here');
  // what is saved again goes on where the data are
  expect(await session.checkpoint()).toEqual(run);
  await session.dispose();
  await whole.dispose();
});

/** What a trainer says to these wishes, in turn, each after the moment that follows the one before. */
async function told(load: (settings: Settings) => Promise<OneHotData>, wishes: ToTrainer[]): Promise<FromTrainer[]> {
  const heard: FromTrainer[] = [];
  let next = () => {};
  const trainer = new Trainer(
    message => {
      heard.push(message);
      if (message.kind !== 'begun') next();
    },
    load,
    1,
  );
  trainer.work();
  for (const wish of wishes) {
    const answered = new Promise<void>(resolve => {
      next = resolve;
    });
    trainer.hear(wish);
    trainer.hear({ kind: 'drawn' });
    await answered;
  }
  return heard;
}

test('the trainer opens a run without its data, or of other data, and begins anew only with samples', async () => {
  const whole = await Session.begin(settings, data, 1);
  await whole.goTo(5);
  const checkpoint = await encodeCheckpoint(await whole.checkpoint());
  const log = LOG_HEADER + whole.reports.map(logRow).join('');
  const run = { name: 'a run', checkpoint, log };
  const noMnist = () => Promise.reject(new LonghandError('MNIST is not here'));
  const others = async () =>
    (await loadData({ dataset: 'drawn', oneHotLabels: true, normalize: true, log() {} })) as OneHotData;
  for (const [load, why] of [
    [noMnist, /^MNIST is not here\. The run can be looked into/],
    [others, /other samples than those of drawn/],
  ] as const) {
    const [begun, moment, answer, sample, refused] = await told(load, [
      { kind: 'open', run },
      { kind: 'ask', id: 0, question: { about: 'file', kind: 'run' } },
      { kind: 'ask', id: 1, question: { about: 'sample', set: 'train', index: 0 } },
      { kind: 'begin', settings: { ...settings, steps: 70, dataset: 'mnist' } },
    ]);
    expect(begun).toMatchObject({ kind: 'begun', about: { opened: 'a run', trainCount: 0, firstStep: 5 } });
    expect(moment).toMatchObject({ kind: 'moment', moment: { step: 5, said: new Uint8Array() } });
    if (moment?.kind !== 'moment') throw new Error();
    expect(moment.news.reports).toEqual(whole.reports);
    expect(moment.news.stopped).toMatch(why);
    if (answer?.kind !== 'answer') throw new Error();
    const saved = unzipSync((answer.value as SavedFile).bytes);
    expect(saved['run/checkpoint.safetensors']).toEqual(checkpoint);
    expect(new TextDecoder().decode(saved['run/log.csv'])).toBe(log);
    expect(sample).toMatchObject({ kind: 'failed' });
    // the samples are looked for again: those of the run are none
    if (load === noMnist) expect(refused).toMatchObject({ kind: 'refused', message: 'MNIST is not here' });
    else expect(refused).toMatchObject({ kind: 'begun', about: { trainCount: 1000 } });
  }
  await whole.dispose();
});

test('a run opens without a log, and with one that begins later than it', async () => {
  const whole = await Session.begin(settings, data, 1);
  await whole.goTo(5);
  const checkpoint = await encodeCheckpoint(await whole.checkpoint());
  for (const log of [undefined, LOG_HEADER + whole.reports.slice(2).map(logRow).join(''), 'no log']) {
    const [, moment] = await told(async () => data, [{ kind: 'open', run: { name: 'a run', checkpoint, log } }]);
    expect(moment).toMatchObject({ kind: 'moment', moment: { step: 5 }, news: { reports: [], stopped: undefined } });
  }
  await whole.dispose();
});

test('a run of other things than images of 28 × 28 is refused, and what was there stays', async () => {
  const problem = problemOf({
    name: 'xor',
    inputs: [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    labels: [0, 1, 1, 0],
    test: 0.25,
  });
  const parameters = initialParameters({ inputs: 2, hidden: 3, classes: 2 }, 0.5);
  const xor = { ...networkOf(problem, parameters), ...{ step: 0, steps: 1, dataDigest: '0'.repeat(64) } };
  const checkpoint = await encodeCheckpoint({
    ...xor,
    settings: { ...settings, ...xor.settings, hidden: 3 },
    generator: defaultGenerator.getState(),
  });
  const heard = await told(
    async () => data,
    [
      { kind: 'begin', settings },
      { kind: 'open', run: { name: 'xor', checkpoint, log: undefined } },
    ],
  );
  expect(heard.map(({ kind }) => kind)).toEqual(['begun', 'moment', 'refused']);
  expect(heard[2]).toMatchObject({ message: 'xor: a network of images of 1 × 1 × 2; the lab shows 1 × 28 × 28' });
});
