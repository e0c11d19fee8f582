import { beforeEach, expect, test, vi } from 'vitest';
import { files, standings } from '../lab/state/own.ts';
import { asked, check, checked, isChecking } from '../lab/write/checking.ts';
import { exercise } from '../lab/write/work.ts';
import { exercises } from '../src/practice/exercises.ts';

/** The judge: it answers when a test lets it, and a question that another has overtaken comes to undefined. */
const judge = vi.hoisted(() => ({ newest: 0, answers: [] as (() => void)[], wrong: '' }));
vi.mock('../lab/own/judge.ts', () => ({
  check: (_: unknown, { only }: { only?: readonly string[] }) => {
    judge.newest += 1;
    const mine = judge.newest;
    const names = exercises.flatMap(({ stages }) => stages.map(({ name }) => name));
    const verdictOn = (name: string) => (name === judge.wrong ? 'failed' : 'passed');
    const stages = names.filter(name => only?.includes(name) ?? true).map(name => ({ name, verdict: verdictOn(name) }));
    const made = { verdict: { stages }, printed: '', characters: {} };
    return new Promise(resolve => {
      judge.answers.push(() => resolve(mine === judge.newest ? made : undefined));
    });
  },
}));

const marked = vi.hoisted(() => new Set<string>());
/** The work at hand: an exercise, and no browser to keep it in. */
vi.mock('../lab/write/work.ts', async () => {
  const { exercises } = await import('../src/practice/exercises.ts');
  return {
    exercise: { value: exercises[0] },
    handedOut: {},
    mark: (name: string, is: boolean) => is && marked.add(name),
  };
});

/** The judge answers the oldest question, and the page hears it. */
async function answer(): Promise<void> {
  judge.answers.shift()!();
  await new Promise(resolve => setTimeout(resolve));
}

beforeEach(() => {
  checked.value = undefined;
  judge.wrong = '';
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

test('what the others come to is marked, too, once all was judged', async () => {
  marked.clear();
  judge.wrong = 'loop';
  void check({ byHand: true });
  await answer();
  await answer();
  expect([...marked].sort()).toEqual(
    exercises
      .map(({ name }) => name)
      .filter(name => name !== 'train')
      .sort(),
  );
});

test('what was wrong is not known to be so any more, once its file is another', async () => {
  const [sigma, dsigma] = exercises;
  judge.wrong = 'sigma';
  files.value = { [sigma!.file]: 'as it was' };
  void check({ byHand: true });
  await answer();
  expect(standings.value.sigma).toBe('failed');
  (exercise as { value: unknown }).value = dsigma;
  judge.wrong = 'dsigma';
  void check({ byHand: true });
  await answer();
  expect(standings.value.sigma).toBe('failed'); // nothing has changed
  files.value = { [sigma!.file]: 'another' };
  void check({ byHand: true });
  await answer();
  expect([standings.value.sigma, standings.value.dsigma]).toEqual(['unknown', 'failed']);
});
