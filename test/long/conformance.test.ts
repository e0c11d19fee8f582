import { describe, test } from 'vitest';
import { conform, randomCase } from '../conforming.ts';
import { engines } from '../engines.ts';

const cases = Array.from({ length: 260 }, (_, i) => randomCase(15 + i));
for (const engine of engines) {
  describe(`${engine.name}: gradients, loss, errors and update are those of the six functions`, () => {
    for (const one of cases) test(one.name, () => conform(engine, one));
  });
}
