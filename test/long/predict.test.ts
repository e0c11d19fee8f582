import { expect, test } from 'vitest';
import { readAsWell, readingDigits, trainedNetwork } from '../reading-digits.ts';

test('as many digits as there are, up to 3,000, drawn back at any size, place and shade are read as well as they were', async () => {
  const trained = await trainedNetwork();
  const reading = readingDigits(trained, { count: Math.min(3000, trained.labels.length) });
  const { count, plain, lost, gained } = reading;
  console.log(
    `${trained.name}: ${plain} of ${count} read rightly; drawn back, ${lost} of them lost, ${gained} others gained`,
  );
  expect(readAsWell(reading)).toBe(true);
});
