import { expect, test } from 'vitest';
import { backgroundOf } from '../src/engine/background.ts';
import { dice } from './dice.ts';

test('the background is the most frequent value, where more than a third of the inputs have it', () => {
  const below = dice(5);
  let found = 0;
  for (let i = 0; i < 2000; i++) {
    const values = 1 + below(6);
    const data = Float32Array.from({ length: 1 + below(40) }, () => Math.min(below(values), below(values)));
    const counts = new Map<number, number>();
    for (const x of data) counts.set(x, (counts.get(x) ?? 0) + 1);
    const most = Math.max(...counts.values());
    const background = backgroundOf(data);
    if (3 * most <= data.length) {
      expect(background, `${data}`).toBeUndefined();
      continue;
    }
    found++;
    expect(counts.get(background!.value), `${data}`).toBe(most);
    expect(background!.others).toBe(data.length - most);
  }
  expect(found).toBeGreaterThan(500);
  expect(found).toBeLessThan(1900);
});

test('NaN and infinity are no background', () => {
  expect(backgroundOf(new Float32Array(10).fill(NaN))).toBeUndefined();
  expect(backgroundOf(new Float32Array(10).fill(-Infinity))).toBeUndefined();
  expect(backgroundOf(Float32Array.of(NaN, 2, NaN, 2, NaN))).toEqual({ value: 2, others: 3 });
});
