import { expect, test } from 'vitest';
import { gzipStorm, idxStorm } from '../storms.ts';

/** Memory that 200,000 files of some hundred bytes would never need at once. */
const MOST_GROWTH = 200e6;

test('300,000 mutated IDX files are read or rejected, in bounded memory', () => {
  const before = process.memoryUsage().rss;
  expect(idxStorm(300_000, 2).rejected).toBeGreaterThan(150_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(MOST_GROWTH);
});

test('20,000 damaged gzip files are read or rejected, in bounded memory', async () => {
  const before = process.memoryUsage().rss;
  expect((await gzipStorm(20_000, 2)).rejected).toBeGreaterThan(10_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(MOST_GROWTH);
});
