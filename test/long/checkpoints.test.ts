import { expect, test } from 'vitest';
import { bodyFlips, headerFlips, headerStorm } from '../checkpoints.ts';
import { killsDuringSaves } from '../kills.ts';
import { killedAndResumed } from '../resumes.ts';

/** Memory that checkpoints of some kilobytes, one after the other, never need at once. */
const MOST_GROWTH = 300e6;

test('300,000 files with random damage to their header are refused, in bounded memory', async () => {
  const before = process.memoryUsage().rss;
  expect(await headerStorm(300_000, 2)).toBe(0);
  expect(process.memoryUsage().rss - before).toBeLessThan(MOST_GROWTH);
});

test('a file with a bit of its body flipped is refused, 10,000 times', async () => {
  expect(await bodyFlips(10_000, 2)).toBe(0);
});

test('a file with any bit of its header flipped is refused', async () => {
  const { bits, accepted } = await headerFlips();
  expect(bits).toBeGreaterThan(40_000);
  expect(accepted).toBe(0);
});

test.skipIf(process.platform === 'win32')(
  'killed 200 times during saves, no file is broken and no step lost',
  async () => {
    const { broken, backwards, stale } = await killsDuringSaves('saveFile', 200, 2);
    console.log(`200 kills: ${stale} left a temporary file`);
    expect({ broken, backwards }).toEqual({ broken: 0, backwards: 0 });
    expect(stale).toBeGreaterThan(20); // they did hit saves
  },
);

test.skipIf(process.platform === 'win32')('what writes in place is broken by the same kills', async () => {
  const { broken } = await killsDuringSaves('inPlace', 200, 2);
  console.log(`200 kills: ${broken} files written in place were broken`);
  expect(broken).toBeGreaterThan(5);
});

const SETTINGS = ['--dataset', 'drawn', '--hidden', '20'];

test.each([
  [[1], 3],
  [[2], 4],
  [[4], 5],
  [[1, 2, 4], 6],
])('a run killed at ten random steps ends with the same bytes on %s threads', async (threads, seed) => {
  const { same, hits } = await killedAndResumed(SETTINGS, { steps: 400, kills: 10, threads, seed });
  console.log(`threads ${threads}, seed ${seed}: ${hits} of 10 kills hit a run`);
  expect(same).toBe(true);
  expect(hits).toBeGreaterThan(2);
});

test('one of the reference engine, killed and resumed, ends with the same bytes too', async () => {
  const settings = [...SETTINGS, '--tiny', '--engine', 'sample'];
  const { same, hits } = await killedAndResumed(settings, { steps: 30, kills: 10, threads: [], seed: 7 });
  console.log(`engine sample, seed 7: ${hits} of 10 kills hit a run`);
  expect(same).toBe(true);
  expect(hits).toBeGreaterThan(2);
});
