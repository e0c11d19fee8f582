import { describe, expect, test } from 'vitest';
import { bothWays, expectSame, ofSource } from '../at-once.ts';
import { mistakenWork, rightWork } from '../practice-suite.ts';

// All of the suite for fifty steps, at once and one by one.

/** It looks at a number, if only to keep it. */
const looks = ['38-a-gradient-kept-for-later.ts'];

describe('right work is run for all samples at once', () => {
  test.each(rightWork)('$name', async ({ name, source }) => {
    const both = await bothWays(ofSource(source)!);
    await expectSame(both);
    if (looks.includes(name)) expect(both.whyNot).toContain('item looks at numbers');
    else expect(both.whyNot).toBeUndefined();
  });
});

describe('mistaken work is wrong in the same way, or taken one by one', () => {
  test.each(mistakenWork)('$name', async ({ source }) => {
    const fresh = ofSource(source);
    if (fresh !== undefined) await expectSame(await bothWays(fresh));
  });
});
