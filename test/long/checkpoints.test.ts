import { expect, test } from 'vitest';
import { bodyFlips, headerFlips, headerStorm } from '../checkpoints.ts';
import { killsDuringSaves } from '../kills.ts';
import { killedAndResumed } from '../resumes.ts';

/** Memory that checkpoints of some kilobytes, one after the other, never need at once. */
const MOST_GROWTH = 300e6;

test('100,000 files with random damage to their header are refused, in bounded memory', async () => {
  const before = process.memoryUsage().rss;
  expect(await headerStorm(100_000, 2)).toBe(0);
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
  'killed 80 times during saves, no file is broken and no step lost',
  async () => {
    const { broken, backwards, stale } = await killsDuringSaves('saveFile', 80, 2);
    console.log(`80 kills: ${stale} left a temporary file`);
    expect({ broken, backwards }).toEqual({ broken: 0, backwards: 0 });
    expect(stale).toBeGreaterThan(8); // they did hit saves
  },
);

test.skipIf(process.platform === 'win32')('what writes in place is broken by the same kills', async () => {
  const { broken } = await killsDuringSaves('inPlace', 30, 2);
  console.log(`30 kills: ${broken} files written in place were broken`);
  expect(broken).toBeGreaterThan(5);
});

const SETTINGS = ['--dataset', 'drawn', '--hidden', '20'];

test('a run killed at ten random steps, and resumed with 1, 2 or 4 threads, ends with the same bytes', async () => {
  const { same, hits } = await killedAndResumed(SETTINGS, { steps: 400, kills: 10, threads: [1, 2, 4], seed: 3 });
  console.log(`1, 2 or 4 threads, seed 3: ${hits} of 10 kills hit a run`);
  expect(same).toBe(true);
  expect(hits).toBeGreaterThan(2);
});

test('one of the reference engine, killed and resumed, ends with the same bytes too', async () => {
  const settings = [...SETTINGS, '--tiny', '--engine', 'sample'];
  const { same, hits } = await killedAndResumed(settings, { steps: 15, kills: 5, threads: [], seed: 4 });
  console.log(`engine sample, seed 4: ${hits} of 5 kills hit a run`);
  expect(same).toBe(true);
  expect(hits).toBeGreaterThan(2);
});
