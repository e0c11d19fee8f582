import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, vi } from 'vitest';
import { exercises, solutionTextOf, stubOf } from '../src/practice/exercises.ts';
import { Progress } from '../src/practice/progress.ts';
import { command, lineOf, longhand, type Outcome, returning, write, writeAll } from './learner.ts';
import { temporaryFolder } from './made-files.ts';
import { oneIn, sharedTest, test } from './one-in.ts';
import { outcomesOf } from './outcomes.ts';
import { hasTerminals, Terminal } from './terminal.ts';

// `longhand learn` as a learner meets it.

const root = fileURLToPath(new URL('..', import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);
const read = (path: string) => readFileSync(join(folder, path), 'utf8');
const text = ({ stdout }: Outcome) => stdout.replaceAll(/\s+/g, ' ');

describe('the folder', () => {
  test('is made once, and nothing that is there is overwritten', async () => {
    expect((await longhand(folder, 'learn')).code).toBe(0);
    expect(readdirSync(join(folder, 'longhand-practical')).sort()).toEqual([
      'activation.ts',
      'loss.ts',
      'package.json',
      'passes.ts',
      'progress.txt',
      'training.ts',
      'tsconfig.json',
      'types',
    ]);
    for (const file of ['activation.ts', 'tsconfig.json'])
      writeFileSync(join(folder, 'longhand-practical', file), '//');
    rmSync(join(folder, 'longhand-practical/loss.ts'));
    rmSync(join(folder, 'longhand-practical/types/longhand/index.d.ts'));
    writeFileSync(join(folder, 'longhand-practical/types/longhand/old.d.ts'), '//');
    await longhand(join(folder, 'longhand-practical'), 'learn'); // in the folder it is this one
    expect(existsSync(join(folder, 'longhand-practical/longhand-practical'))).toBe(false);
    expect(read('longhand-practical/activation.ts') + read('longhand-practical/tsconfig.json')).toBe('////');
    expect(existsSync(join(folder, 'longhand-practical/loss.ts'))).toBe(false);
    // the declarations alone are kept as they should be
    expect(read('longhand-practical/types/longhand/index.d.ts')).toContain('export type { Practical } from');
    expect(existsSync(join(folder, 'longhand-practical/types/longhand/old.d.ts'))).toBe(false);

    await longhand(folder, 'learn', 'longhand-practical', '--reset', 'loss.ts');
    expect(read('longhand-practical/loss.ts')).toBe(stubOf('loss.ts'));
  });

  test('a file in its place is an error, and stays', async () => {
    writeFileSync(join(folder, 'file'), 'mine');
    const { code, stderr } = await longhand(folder, 'learn', 'file');
    expect(stderr).toMatch(/^longhand: .*file: cannot be written: it is a file, and a folder is wanted\n$/);
    expect(code).toBe(1);
    expect(read('file')).toBe('mine');
  });

  sharedTest.each(oneIn(2, ['typescript', 'typescript-5.4']))(
    'moved elsewhere, %s underlines a wrong shape and nothing else',
    async tsc => {
      const made = join(folder, `made for ${tsc}`);
      await longhand(folder, 'learn', made);
      const moved = join(folder, `moved for ${tsc}`);
      renameSync(made, moved);
      const errors = (): Promise<string> =>
        new Promise(resolve => {
          const compiler = join(root, 'node_modules', tsc, 'bin/tsc');
          execFile(process.execPath, [compiler, '--project', '.', '--pretty', 'false'], { cwd: moved }, (_, stdout) =>
            resolve(stdout),
          );
        });
      writeAll(moved);
      expect(await errors()).toBe('');
      write(moved, 'forwardPass', solution => solution.replace('w1.mv(x0)', 'w1.t().mv(x0)'));
      expect(await errors()).toMatch(/^passes\.ts\(\d+,\d+\): error TS2345: Argument of type 'Tensor<\[.*\]>'/m);
    },
  );
});

describe('without a terminal', () => {
  const name = 'plain commands';
  /** What it says to these, one after the other. */
  const learn = (...asked: string[]) =>
    outcomesOf(
      asked.map(options => ['learn', name, ...options.split(' ').filter(option => option !== '')]),
      { cwd: folder },
    );

  test('each key is an option', () => {
    const [first, next, solution, hint, both] = learn('', '--next', '--solution', '--hint 3', '--hint --list');
    expect(text(first!)).toContain('sigma is to be written.');
    expect(next).toMatchObject({ code: 1, stderr: expect.stringContaining('sigma is not passed yet') });
    expect(solution).toMatchObject({ code: 1, stdout: '' });
    expect(text(hint!)).toMatch(/Hint 1 of 3: .*Hint 2 of 3: .*Hint 3 of 3: /);
    expect(both).toMatchObject({ code: 2, stdout: '' });

    write(join(folder, name), 'sigma');
    const [right, ours, second, list] = learn('', '--solution', '--next', '--list');
    expect(text(right!)).toMatch(/✓ sigma is right\..*1 of 7 passed plain commands\/activation\.ts:\d+/);
    expect(ours!.stdout).toBe(solutionTextOf('sigma'));
    expect(text(second!)).toContain('dsigma is to be written.');
    expect(text(list!)).toMatch(/1 ✓ sigma .*▸ 2 dsigma/);

    write(join(folder, name), 'dloss', returning('t.sub(v).mul(2)'));
    const [all, reset] = learn('--all', '--reset activation.ts');
    expect(text(all!)).toContain(
      `✗ dloss (loss.ts:${lineOf('dloss')}), exercise 4: \`dloss\` (line ${lineOf('dloss')}) computes 2 · (t − v)`,
    );
    expect(text(reset!)).toContain('what was in it is in activation.ts.1.bak');
    expect(read(`${name}/activation.ts.1.bak`)).toContain(solutionTextOf('sigma'));
    expect(read(`${name}/activation.ts`)).toBe(stubOf('activation.ts'));
    expect(Progress.parse(read(`${name}/progress.txt`)).passed.size).toBe(0);
  });
});

describe.skipIf(!hasTerminals)('at a terminal', () => {
  const start = (dir: string, options: { env?: object; rows?: number; columns?: number } = {}) =>
    new Terminal([process.execPath, command, 'learn', dir], { cwd: folder, ...options });
  /** The keys at the bottom. */
  const keys = (terminal: Terminal) =>
    terminal.lines
      .at(-1)!
      .split(/ {3}/)
      .map(key => key.split(' ')[0]);

  test('from the first function to the third, with every key', async () => {
    const dir = 'a sitting';
    const line = lineOf('sigma');
    const terminal = start(dir);
    await terminal.shows('sigma is to be written.', '0 of 7 passed', `a sitting/activation.ts:${line}`);
    expect(keys(terminal)).toEqual(['h', 'l', 'c', 'q']);

    for (const k of [1, 2, 3]) {
      terminal.press('h');
      await terminal.shows(`Hint ${k} of 3`);
    }
    expect(keys(terminal)).toEqual(['l', 'c', 'q']);
    terminal.press('n\x1b[As'); // keys that do nothing now, and an arrow

    write(join(folder, dir), 'sigma', () => "export const sigma: Practical['sigma'] = x => {\n  x.tanh();\n};\n");
    await terminal.shows('✗ sigma is not right yet.', `(line ${line}) gives nothing back`, 'Hint 3 of 3');
    expect(terminal.output).toContain('checking activation.ts …');
    expect(keys(terminal)).toEqual(['l', 'c', 'r', 'q']);

    write(join(folder, dir), 'sigma');
    await terminal.shows(
      '✓ sigma is right.',
      'tanh bends the line',
      'characters; the course',
      'has 34',
      '1 of 7 passed',
    );
    expect(keys(terminal)).toEqual(['n', 's', 'l', 'c', 'r', 'q']);
    expect(read(`${dir}/progress.txt`)).toMatch(/^\[x\] sigma .*<- you are here$/m);

    terminal.press('s');
    await terminal.shows('also in', solutionTextOf('sigma').replaceAll(/\s+/g, ' ').trim(), 's back');
    expect(read(`${dir}/solutions/sigma.ts`)).toBe(solutionTextOf('sigma'));
    terminal.press('s');
    await terminal.shows('✓ sigma is right.');

    terminal.press('n');
    await terminal.shows('Exercise 2 of 7', 'dsigma is to be written.');
    write(join(folder, dir), 'dsigma', returning('sub(1, x.tanh())'));
    await terminal.shows('computes 1 − tanh x; the formula says 1 − tanh² x', 'h hint');
    write(join(folder, dir), 'dsigma');
    await terminal.shows('✓ dsigma is right.');

    terminal.press('n');
    await terminal.shows('Exercise 3 of 7', 'loss is to be written.');
    write(join(folder, dir), 'sigma', returning('x.exp()'));
    write(join(folder, dir), 'loss');
    await terminal.shows('✓ loss is right.', '3 of 7 passed'); // an older file does not call back

    terminal.press('l');
    await terminal.shows('1 ✓ sigma', '▸ 3 ✓ loss', '1-7 go there');
    terminal.press('c');
    await terminal.shows('1 ✗ sigma', `✗ sigma (activation.ts:${line}), exercise 1`, '2 of 7 passed');
    terminal.press('1');
    await terminal.shows('Exercise 1 of 7', '✗ sigma is not right yet.');

    terminal.press('r');
    await terminal.shows('Reset activation.ts?', 'sigma and dsigma', 'kept beside it, as activation.ts.1.bak');
    expect(keys(terminal)).toEqual(['y', 'n']);
    terminal.press('qn');
    await terminal.shows('✗ sigma is not right yet.');
    terminal.press('r');
    await terminal.shows('Reset activation.ts?');
    terminal.press('y');
    await terminal.shows('sigma is to be written.', 'what was in it is in activation.ts.1.bak', '1 of 7 passed');
    expect(read(`${dir}/activation.ts`)).toBe(stubOf('activation.ts'));
    expect(read(`${dir}/activation.ts.1.bak`)).toContain('x.exp()');

    writeFileSync(join(folder, dir, 'activation.ts'), '');
    await terminal.shows('activation.ts is empty: `sigma` is to be written in it. r brings it back', 'r reset');
    rmSync(join(folder, dir, 'activation.ts'));
    await terminal.shows('✗ activation.ts is not there any more.', 'r reset');
    terminal.press('r');
    await terminal.shows('Reset activation.ts?');
    terminal.press('y');
    await terminal.shows('sigma is to be written.');

    terminal.press('q');
    expect(await terminal.end()).toEqual({ code: 0, isAsItWas: true });
    expect(terminal.output).toContain('1 of 7 exercises passed. `npx longhand learn "a sitting"` goes on.');
  });

  test('the last one ends the practical; a progress.txt that is lost is found out again', async () => {
    const dir = 'nearly';
    await longhand(folder, 'learn', dir);
    writeAll(join(folder, dir));
    rmSync(join(folder, dir, 'progress.txt'));
    const terminal = start(dir, { env: { LANG: 'C', LC_ALL: 'C' } });
    await terminal.shows('7 of 7 passed', '+ All of it is right.');
    terminal.press('l');
    await terminal.shows('+ sigma is right.');
    terminal.press('n');
    await terminal.shows('You have written a neural network by hand.', 'longhand train --practice nearly');
    // no more than ASCII, where the terminal shows no more
    expect([...terminal.output].filter(sign => sign > '~')).toEqual([]);
    expect(['\x1b[1m', '\x1b[32m'].some(colour => terminal.output.includes(colour))).toBe(false); // NO_COLOR is set
    terminal.press('q');
    expect(await terminal.end()).toEqual({ code: 0, isAsItWas: true });
  });

  test('a check that is not wanted any more is abandoned', async () => {
    const dir = 'hasty';
    await longhand(folder, 'learn', dir);
    write(join(folder, dir), 'sigma', solution => solution.replace('return', 'while (true) x.tanh();\n  return'));
    const terminal = start(dir, { env: { NO_COLOR: undefined } });
    await terminal.shows('checking activation.ts');
    write(join(folder, dir), 'sigma');
    await terminal.shows('✓ sigma is right.');
    expect(terminal.output).not.toContain('does not come to an end');
    expect(terminal.output).toContain('\x1b[32m✓ sigma is right.');
    terminal.press('q');
    await terminal.end();
  });

  const endings: [name: string, end: (terminal: Terminal) => void, code: number][] = [
    ['Ctrl-C', terminal => terminal.press('\x03'), 130],
    ['Ctrl-D', terminal => terminal.press('\x04'), 0],
    ['kill', terminal => terminal.kill('SIGTERM'), 143],
    ['a terminal that is closed', terminal => terminal.kill('SIGHUP'), 129],
  ];
  sharedTest.each(oneIn(2, endings))('%s leaves the terminal as it was', async (_, end, code) => {
    const terminal = start('ended');
    await terminal.shows('sigma is to be written.');
    end(terminal);
    expect(await terminal.end()).toEqual({ code, isAsItWas: true });
  });

  test('so does an error that nobody expected', async () => {
    mkdirSync(join(folder, 'broken'));
    await longhand(folder, 'learn', 'broken');
    rmSync(join(folder, 'broken/progress.txt'));
    mkdirSync(join(folder, 'broken/progress.txt')); // it can be neither read nor written
    const ending = await start('broken').end();
    expect(ending).toEqual({ code: 1, isAsItWas: true });
  });

  test('24 lines of 80 hold the backward pass with all its hints, and 12 the verdict', async () => {
    const dir = 'small';
    await longhand(folder, 'learn', dir);
    writeAll(join(folder, dir));
    write(join(folder, dir), 'backwardPass', solution => solution.replace('dsigma(s1)', 'dsigma(x1)'));
    const progress = new Progress();
    progress.current = 'backwardPass';
    writeFileSync(join(folder, dir, 'progress.txt'), progress.toString());
    for (const rows of [24, 12]) {
      const terminal = start(dir, { rows });
      await terminal.shows('✗ dl_ds1 of backwardPass is not right yet.');
      terminal.press('hhh');
      await vi.waitFor(() => expect(keys(terminal)).toEqual(['l', 'c', 'r', 'q']), 30_000);
      await terminal.shows('The slope is taken at', 'small/passes.ts:');
      if (rows === 24) expect(terminal.screen).toMatch(/✓ dl_dw1.*Hint 1 of 3.*Hint 3 of 3/s);
      expect(terminal.lines.length).toBeLessThanOrEqual(rows);
      expect(terminal.lines.filter(line => line.length > 79)).toEqual([]);
      terminal.press('q');
      await terminal.end();
    }
  });
});

describe('progress.txt', () => {
  test('is read as it was written, and as far as it can be read', () => {
    const progress = new Progress();
    for (const { name } of exercises.slice(0, 3)) progress.mark(name, true);
    progress.current = 'dloss';
    const again = Progress.parse(progress.toString());
    expect([[...again.passed], again.current]).toEqual([['sigma', 'dsigma', 'loss'], 'dloss']);

    const merged = `<<<<<<< HEAD\n${progress}=======\n[x] dloss\n[x] nothing\n>>>>>>> other\n`;
    expect([...Progress.parse(merged).passed]).toEqual(['sigma', 'dsigma', 'loss', 'dloss']);
    expect(Progress.parse('\0\x07').current).toBe('sigma');
  });

  test('the next one is the next that is not passed, from here on and round', () => {
    const progress = new Progress();
    for (const { name } of exercises) progress.mark(name, name !== 'dsigma');
    progress.current = 'loss';
    expect(progress.next?.name).toBe('dsigma');
    progress.mark('dsigma', true);
    expect(progress.next).toBeUndefined();
  });
});
