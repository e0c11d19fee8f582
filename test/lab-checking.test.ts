import { beforeEach, expect, test, vi } from 'vitest';
import { asked, check, checked, isChecking } from '../lab/write/checking.ts';
import { exercises } from '../src/practice/exercises.ts';

/** The judge: it answers when a test lets it, and a question that another has overtaken comes to undefined. */
const judge = vi.hoisted(() => ({ newest: 0, answers: [] as (() => void)[] }));
vi.mock('../lab/own/judge.ts', () => ({
  check: (_: unknown, { only }: { only?: readonly string[] }) => {
    judge.newest += 1;
    const mine = judge.newest;
    const names = exercises.flatMap(({ stages }) => stages.map(({ name }) => name));
    const stages = names.filter(name => only?.includes(name) ?? true).map(name => ({ name, verdict: 'passed' }));
    const made = { verdict: { stages }, printed: '', characters: {} };
    return new Promise(resolve => {
      judge.answers.push(() => resolve(mine === judge.newest ? made : undefined));
    });
  },
}));

/** The work at hand: an exercise, and no browser to keep it in. */
vi.mock('../lab/write/work.ts', async () => {
  const { exercises } = await import('../src/practice/exercises.ts');
  return { exercise: { value: exercises[0] }, handedOut: {}, mark: () => {} };
});

/** The judge answers the oldest question, and the page hears it. */
async function answer(): Promise<void> {
  judge.answers.shift()!();
  await new Promise(resolve => setTimeout(resolve));
}

beforeEach(() => {
  checked.value = undefined;
});

test('what is right is judged alone first, and then with all the rest', async () => {
  void check({ byHand: true });
  await answer();
  expect(checked.value).toBe(undefined);
  await answer();
  expect(checked.value?.standing.passed).toBe(true);
  expect([isChecking.value, judge.answers]).toEqual([false, []]);
});

test('a check that another has overtaken asks nothing more, and the other comes to its verdict', async () => {
  const before = asked.value;
  void check({ byHand: true });
  judge.answers.shift()!(); // this answer is on its way when the second check begins
  void check({ byHand: false });
  await new Promise(resolve => setTimeout(resolve));
  expect(judge.answers.length).toBe(1);
  await answer();
  await answer();
  expect(checked.value?.standing.passed).toBe(true);
  expect([isChecking.value, judge.answers]).toEqual([false, []]);
  // somebody asked for the first: the verdict is said
  expect(asked.value).toBe(before + 1);
});
