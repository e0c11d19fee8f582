import { expect, test } from 'vitest';
import { anyhow, isNoWorse, readingDigits, trainedNetwork } from '../reading-digits.ts';

test('500 digits drawn back at any size, place and shade are read as well as they were', async () => {
  const trained = await trainedNetwork();
  const counts = await readingDigits(trained, Math.min(500, trained.labels.length), anyhow(1));
  console.log(`${trained.name}: ${JSON.stringify(counts)}`);
  expect(isNoWorse(counts), JSON.stringify(counts)).toBe(true);
});
