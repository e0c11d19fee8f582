import { expect, test } from 'vitest';
import { readingDigits, trainedNetwork } from '../reading-digits.ts';

test('3,000 digits drawn back at any size, place and shade are read as well as they were', async () => {
  const { network, name, images, labels } = await trainedNetwork();
  const { plain, back } = readingDigits(network, images, labels, 3000);
  console.log(`${name}: ${(100 * plain).toFixed(2)}% read rightly, drawn back ${(100 * back).toFixed(2)}%`);
  expect(Math.abs(back - plain)).toBeLessThanOrEqual(0.02);
});
