import { expect, test } from 'vitest';
import { rightWork, verdictOn } from '../practice-suite.ts';

// Whether right work is ever called wrong depends on the draws: thirty of them for each, and others for each, so that in
// all they are over a thousand.

const SEEDS = 30;
const asked = rightWork.map((work, i) => ({ name: work.name, work, first: 1 + i * SEEDS }));

test.each(asked)(
  `$name passes with ${SEEDS} seeds of its own, and no mistake is seen in it`,
  async ({ work, first }) => {
    for (let seed = first; seed < first + SEEDS; seed++) {
      const { stages } = await verdictOn(work, seed);
      const against = stages.filter(({ verdict, mistake }) => verdict !== 'passed' || mistake !== null);
      expect({ seed, against }).toEqual({ seed, against: [] });
    }
  },
);
