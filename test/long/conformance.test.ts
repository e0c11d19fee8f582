import { describe, test } from 'vitest';
import { conform, randomCase } from '../conforming.ts';
import { engines } from '../engines.ts';

for (const engine of engines) {
  describe(`${engine.name}: gradients, loss, errors and update are those of the six functions`, () => {
    for (let seed = 15; seed < 155; seed++) {
      const one = randomCase(seed);
      test(one.name, () => conform(engine, one));
    }
  });
}
