import { describe, test } from 'vitest';
import { conform, forgets, randomCase } from './conforming.ts';
import { engines } from './engines.ts';

for (const engine of engines) {
  describe(`${engine.name}: gradients, loss, errors, update and responses are those of the six functions`, () => {
    for (let seed = 0; seed < 25; seed++) {
      const one = randomCase(seed);
      test(one.name, () => conform(engine, one));
    }
  });
}

for (const engine of engines) {
  describe(`${engine.name}: other parameters take the place of those that were there, or are refused`, () => {
    for (const seed of [3, 7, 18, 78, 102, 160, 233]) {
      const one = randomCase(seed);
      test(one.name, () => forgets(engine, one, seed));
    }
  });
}
