import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { solution } from '../src/practice/as-written.ts';
import { readSubmission } from '../src/practice/node/sources.ts';
import { stageNames, type Verdict } from '../src/practice/verdict.ts';
import { handOut, lineOf, longhand, returning, write, writeAll } from './learner.ts';
import { temporaryFolder } from './made-files.ts';
import { outcomesOf } from './outcomes.ts';

// `longhand check` as scripts meet it.

const practical = fileURLToPath(new URL('../src/practical.ts', import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);
const solved = join(folder, 'handed in by N. N.');

beforeAll(() => {
  handOut(solved);
  writeAll(solved);
  writeFileSync(join(folder, 'mine.ts'), solution());
  writeFileSync(join(folder, 'outer.ts'), solution({ dl_dw1: 'dlDs1.mul(x)' }));
  writeFileSync(join(folder, 'wrong.ts'), solution({ dl_ds1: 'dlDx1.mul(dsigma(x1))' }));
});

const check = (...args: string[]) => longhand(folder, 'check', ...args);
/** Several of them in one process. */
const checks = (...cases: readonly string[][]) =>
  outcomesOf(
    cases.map(args => ['check', ...args]),
    { cwd: folder },
  );
const verdictOf = async (...args: string[]): Promise<Verdict> => JSON.parse((await check(...args, '--json')).stdout);

test('a folder that `learn` made, all solved, passes, at a path with spaces; so does the practical, up to accumulation', () => {
  const [learned, own] = checks([solved], [practical]);
  expect(learned).toMatchObject({ code: 0, stdout: expect.stringContaining('passed: 19 of 19 points') });
  expect(own).toMatchObject({ code: 0, stdout: expect.stringContaining('passed: 17 of 17 points') });
});

test('with no path it checks the folder of exercises in which it is asked, and elsewhere says what to type', () => {
  const [here] = outcomesOf([['check']], { cwd: solved });
  expect(here).toMatchObject({ code: 0, stdout: expect.stringContaining('passed: 19 of 19 points') });
  const [elsewhere] = checks([]);
  expect(elsewhere).toMatchObject({ code: 2, stderr: expect.stringContaining('type `longhand check PATH`') });
});

describe('what does not pass ends with 1', () => {
  test('one mistake, one red line, with its sentence', async () => {
    const { code, stdout } = await check('wrong.ts');
    expect(stdout.split('\n').filter(line => line.startsWith('✗'))).toEqual([
      expect.stringMatching(/^✗ dl_ds1 {8}wrong\.ts:\d+$/),
      expect.stringMatching(/^✗ not passed: 16 of 17 points, seed \d+$/),
    ]);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('The slope is taken at the pre-activation `s1`');
    expect(code).toBe(1);
  });

  test('what several in a row wait for is said once, below the last of them', async () => {
    const { stdout } = await check('outer.ts');
    const lines = stdout.split('\n').map(line => line.trim());
    const at = lines.findIndex(line => line.startsWith('· dl_dw2'));
    expect(lines.slice(at, at + 3)).toEqual([
      expect.stringMatching(/^· dl_dw2 +outer\.ts:\d+$/),
      expect.stringMatching(/^· dl_db2 +outer\.ts:\d+$/),
      'They wait for `dlDw1`.',
    ]);
    expect(lines.filter(line => line.includes('wait'))).toEqual([
      'They wait for `dlDw1`.',
      'It waits for `dlDw1`.',
      'It waits for what is added to the sums.',
    ]);
  });

  test('a folder in which a file is missing: it counts as not written', async () => {
    const without = join(folder, 'without');
    handOut(without);
    writeAll(without);
    rmSync(join(without, 'training.ts'));
    const { passed, stages } = await verdictOf(without);
    expect(passed).toBe(false);
    const missing = stages.filter(({ verdict }) => verdict !== 'passed');
    expect(missing.map(({ name }) => name)).toEqual(['step', 'loop']);
    expect(missing[0]!.says).toBe('training.ts is not there any more: `train` is to be written in it.');
  });

  test('a file that exports nothing, one that cannot be read, one that never ends', () => {
    const files = { 'empty.ts': '', 'torn.ts': 'export const sigma = x => {', 'endless.ts': 'for (;;);' };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    for (const { code, stdout, stderr } of checks(...Object.keys(files).map(name => [name]))) {
      expect(stdout).toMatch(/not passed: 0 of 17 points/);
      expect([code, stderr]).toEqual([1, '']);
    }
  });
});

test('used wrongly, it ends with 2', () => {
  const cases: [args: string[], says: string][] = [
    [[], 'it wants a path'],
    [['nowhere'], "there is no 'nowhere'"],
    [['.'], "'.' has none of activation.ts, loss.ts, passes.ts, training.ts"],
    [['mine.ts', '--seed', 'x'], 'a whole number, from 0 to 999999'],
    [['mine.ts', '--jsom'], 'Did you mean --json?'],
    [['mine.ts', '--authors'], '--authors checks the exercises of longhand itself'],
    [['--authors', '--json'], 'cannot be used with'],
  ];
  const outcomes = checks(...cases.map(([args]) => args));
  for (const [i, { code, stdout, stderr }] of outcomes.entries()) {
    expect(stderr).toContain(cases[i]![1]);
    expect([code, stdout]).toEqual([2, '']);
  }
});

describe('--json', () => {
  let printed: string;
  beforeAll(async () => {
    printed = (await check('wrong.ts', '--json', '--seed', '7')).stdout;
  });

  test('prints the verdict and nothing else', () => {
    const verdict: Verdict = JSON.parse(printed);
    expect(Object.keys(verdict)).toEqual(['passed', 'score', 'seed', 'stages']);
    expect(verdict).toMatchObject({ passed: false, score: 16 / 17, seed: 7 });
    expect(verdict.stages.map(({ name }) => name)).toEqual(stageNames.slice(0, 17));
    for (const stage of verdict.stages)
      expect(Object.keys(stage)).toEqual(['name', 'verdict', 'points', 'of', 'mistake', 'says', 'file', 'line']);
    const line = readFileSync(join(folder, 'wrong.ts'), 'utf8')
      .split('\n')
      .findIndex(text => /const dlDs1/.test(text));
    expect(verdict.stages.find(({ name }) => name === 'dl_ds1')).toMatchObject({
      verdict: 'failed',
      points: 0,
      of: 1,
      mistake: 'dsigma-of-x1',
      file: 'wrong.ts',
      line: line + 1,
    });
  });

  test('has nothing of this machine in it', async () => {
    writeFileSync(join(folder, 'throws.ts'), `${solution()}\nexport const more = undefined.x;`);
    const { stdout: thrown } = await check(join(folder, 'throws.ts'), '--json');
    for (const stdout of [printed, thrown]) {
      expect(stdout).not.toContain(folder);
      expect(stdout).not.toMatch(/node:|dist\/|Cannot read properties/);
    }
  });

  test('the same seed gives the same verdict, another seed other numbers, wherever one stands', async () => {
    const path = join(folder, 'wrong.ts');
    const [again, other] = await Promise.all(['7', '6'].map(seed => check(path, '--json', '--seed', seed)));
    expect(again!.stdout).toBe(printed);
    expect(other!.stdout.replace('"seed": 6', '"seed": 7')).not.toBe(printed);
  });
});

describe('what is read', () => {
  test('a file, and those beside it that it imports; nothing above, no types, no tensor of the house', () => {
    const place = join(folder, 'reading');
    mkdirSync(join(place, 'deep'), { recursive: true });
    writeFileSync(join(place, 'above.ts'), '');
    const files = {
      'main.ts': `import type { A } from './types.ts';
import {
  a,
} from './one.ts';
export { b } from './deep/two';
import './three.js';
import { up } from '../above.ts';
import { sub } from './tensor/index.ts';
const text = "from './four.ts'";`,
      'one.ts': `import { a } from './main.ts';`,
      'deep/two.ts': `import { c } from '../five.ts';`,
      'three.ts': '',
      'four.ts': '',
      'five.ts': '',
      'types.ts': '',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
    writeFileSync(join(folder, 'above.ts'), '');
    const read = readSubmission(join(place, 'main.ts'));
    expect(typeof read === 'string' ? read : Object.keys(read.sources).sort()).toEqual([
      'deep/two.ts',
      'five.ts',
      'main.ts',
      'one.ts',
      'three.ts',
    ]);
  });

  test('Windows files are read as others', () => {
    const folders = ['unix', 'windows'].map(name => join(folder, name));
    for (const each of folders) {
      handOut(each);
      write(each, 'sigma', returning('x.exp()'));
    }
    const path = join(folders[1]!, 'activation.ts');
    writeFileSync(path, `\uFEFF${readFileSync(path, 'utf8').replaceAll('\n', '\r\n')}`);
    const [unix, windows] = checks(...folders.map(each => [each, '--seed', '1', '--json'])).map(
      ({ stdout }): Verdict => JSON.parse(stdout),
    );
    expect(unix!.stages[0]).toMatchObject({ verdict: 'failed', file: 'activation.ts', line: lineOf('sigma') });
    expect(windows).toEqual(unix);
  });
});
