import { expect, test } from 'vitest';
import { rightWork, verdictOn } from '../practice-suite.ts';

// Whether right work is ever called wrong depends on the draws: two hundred of them for each.

test.each(rightWork)('$name passes with 200 seeds, and no mistake is seen in it', async work => {
  for (let seed = 1; seed <= 200; seed++) {
    const { stages } = await verdictOn(work, seed);
    const against = stages.filter(({ verdict, mistake }) => verdict !== 'passed' || mistake !== null);
    expect({ seed, against }).toEqual({ seed, against: [] });
  }
});
