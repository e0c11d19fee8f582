import { describe, expect, test } from 'vitest';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { judge } from '../src/practice/judge/judge.ts';
import { edited, type RightVariant, rightVariants } from './practice-right.ts';

/** The same over thirty seeds each: test/long. */
const SEEDS = 1;

describe('right, however unusual: accepted, with never a word', () => {
  test.each<RightVariant>(rightVariants)('%s', async (...[, ...edits]: RightVariant) => {
    const source = edited(edits);
    for (let seed = 0; seed < SEEDS; seed++) {
      const { passed, score, stages } = await judge({ 'mine.ts': source }, startInProcess, { seed });
      expect(stages.filter(({ verdict, says }) => verdict !== 'passed' || says !== '')).toEqual([]);
      expect([passed, score]).toEqual([true, 1]);
    }
  });
});
