import { expect, test } from 'vitest';
import { gzipStorm, idxStorm } from '../storms.ts';

/** Memory that 200,000 files of some hundred bytes would never need at once. */
const MOST_GROWTH = 200e6;

test('a million mutated IDX files are read or rejected, in bounded memory', () => {
  const before = process.memoryUsage().rss;
  expect(idxStorm(1_000_000, 2).rejected).toBeGreaterThan(500_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(MOST_GROWTH);
});

test('20,000 damaged gzip files are read or rejected, in bounded memory', async () => {
  const before = process.memoryUsage().rss;
  expect((await gzipStorm(20_000, 2)).rejected).toBeGreaterThan(10_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(MOST_GROWTH);
});
