import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { History } from '../lab/training/history.ts';
import { Session } from '../lab/training/session.ts';
import type { Parameters } from '../src/index.ts';
import { loadData, type OneHotData } from '../src/index.ts';
import { defaults, type Settings } from '../src/settings/table.ts';

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
  await whole.goTo(30);
  const run = await whole.checkpoint();
  const opened = await Session.open(run, whole.reports, data, 1);
  expect(opened.step).toBe(30);
  for (const step of [60, 0, 17, 45]) {
    await opened.goTo(step);
    expect(await now(opened)).toBe(seen[step]);
  }
  expect(opened.reports).toEqual(whole.reports);
  await opened.dispose();
  await whole.dispose();
});
