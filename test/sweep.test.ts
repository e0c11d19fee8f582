import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { InvalidArgumentError } from 'commander';
import { afterAll, describe, expect } from 'vitest';
import { curvesPicture } from '../src/cli/sweeping/curves.ts';
import { readList } from '../src/cli/sweeping/lists.ts';
import { tableOf } from '../src/cli/sweeping/table.ts';
import { defaults, settings } from '../src/settings/table.ts';
import { gridOf, practicalOnce, runsOf } from '../src/sweep/grid.ts';
import { observe, type Questions, shownSteps } from '../src/sweep/observed.ts';
import { quantile, statisticsOf } from '../src/sweep/statistics.ts';
import { summaryOf } from '../src/sweep/summary.ts';
import { commandsOf } from './documented-commands.ts';
import { temporaryFolder } from './made-files.ts';
import { longTest, test } from './one-in.ts';
import { outcomesOf } from './outcomes.ts';
import { hasTerminals, Terminal } from './terminal.ts';

// `longhand sweep` as its users meet it, on drawn digits, in a folder without data; and the parts that it is made of.

const command = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);
let made = 0;
/** A folder of its own, in which nothing is kept yet. */
function freshFolder(): string {
  const path = join(folder, `${made++}`);
  mkdirSync(path);
  return path;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const surroundings = (cwd: string) => {
  const { PYTORCH_DATA_DIR: _, ...env } = process.env;
  return { cwd, env: { ...env, XDG_CACHE_HOME: folder, LOCALAPPDATA: folder, HOME: folder } };
};

function longhand(cwd: string, args: readonly string[], env: object = {}): Promise<Ended> {
  const here = surroundings(cwd);
  return new Promise(resolve => {
    execFile(
      process.execPath,
      [command, ...args],
      { ...here, env: { ...here.env, ...env } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

const words = (text: string) => text.split(' ');
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');
/** A hundred digits to train on and a hundred others: whatever happens to them takes little time. */
const drawn = words('--dataset drawn --samples 100');

describe('a sweep of twelve', () => {
  const twelve = [
    'sweep',
    ...drawn,
    ...words('--steps 100 --epsilon 0.05 --seed 0..3 --hidden 5,10,20 --at 50 --reach test-error=60'),
  ];
  const files = words('--csv table.csv --plot curves.svg');
  const whole = freshFolder();
  const first = longhand(whole, [...twelve, ...files]);

  test('is a row a setting, over its seeds', async () => {
    const { code, stdout, stderr } = await first;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('12 runs, '),
    });
    expect(stdout.split('\n')[0]).toBe('hidden  steps  runs  training loss   training error       test error');
    expect(stdout.match(/^ *(5|10|20) +(50|100) +4 /gm)).toHaveLength(6);
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/^test error ≤ 60 %\nhidden 5: in 4 of 4 runs, first after \d+ ± \d+ steps \(\d+ … \d+\)$/m);
    const [head, ...rows] = read(whole, 'table.csv').trim().split('\n');
    expect(rows.map(row => row.split(',').length)).toEqual([1, 1, 1].map(() => head!.split(',').length));
  });

  longTest('comes to the same table however it was cut, killed and called again', async () => {
    const { stdout } = await first;
    const cut = freshFolder();
    const part = (i: number) => [...twelve, '--jobs', '1', '--shard', `${i}/3`];
    expect(await longhand(cut, part(1))).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('4 of 4'),
    });

    const results = join(cut, 'longhand-sweep', 'results-2-of-3.jsonl');
    const isThere = () => existsSync(results) && read(results).includes('\n');
    const killed = spawn(process.execPath, [command, ...part(2)], { ...surroundings(cut), stdio: 'ignore' });
    const ended = once(killed, 'exit');
    while (!isThere()) await new Promise(resolve => setTimeout(resolve, 1));
    killed.kill('SIGKILL');
    await ended;
    truncateSync(results, Buffer.byteLength(read(results)) - 10); // the machine went down in the middle of a line

    // called again; and the third part is left to the one that makes the table
    expect(await longhand(cut, part(2))).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/[1-4] runs?, 1 at a time/),
    });
    const merged = await longhand(cut, [...twelve, ...files]);
    expect(merged).toMatchObject({
      code: 0,
      stdout,
      stderr: expect.stringContaining('8 of 12 runs are in longhand-sweep already'),
    });
    for (const file of ['table.csv', 'curves.svg']) expect(read(cut, file)).toBe(read(whole, file));
  });

  longTest('answers further questions about the runs that are there, and trains what is missing', async () => {
    await first;
    const more = [
      'sweep',
      ...drawn,
      ...words('--steps 100 --epsilon 0.05 --seed 0..4 --hidden 10 --at 7,50 --reach loss=60'),
    ];
    const { code, stdout, stderr } = await longhand(whole, more);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('4 of 5 runs are in') });
    expect(stderr).toContain('longhand: 1 run; ');
    expect(stdout).toMatch(/^ *7 +5 [\s\S]*^ *50 +5 [\s\S]*^ *100 +5 [\s\S]*^training loss ≤ 60\nin 5 of 5 runs/m);
  });

  test('is swept by one process at a time', async () => {
    await first;
    const [claim] = [join(whole, 'longhand-sweep')].map(path =>
      readdirSync(path).filter(name => name.includes('lock')),
    );
    expect(claim).toEqual([]);
    const long = spawn(process.execPath, [command, ...twelve, '--seed', '4..999'], {
      ...surroundings(whole),
      stdio: 'ignore',
    });
    const ended = once(long, 'exit');
    const isHeld = () => readdirSync(join(whole, 'longhand-sweep')).some(name => name.includes('lock'));
    while (!isHeld()) await new Promise(resolve => setTimeout(resolve, 5));
    expect(await longhand(whole, twelve)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^longhand: sweep: process \d+ on \S+ is sweeping into longhand-sweep\. Wait for it, or /,
      ),
    });
    long.kill('SIGKILL');
    await ended;
  });
});

test('saves the bits of `train`, and of a run that was stopped in its middle too', async () => {
  const here = freshFolder();
  const settings = [...drawn, ...words('--steps 900 --hidden 12 --eta 0.05')];
  const stopped = spawn(process.execPath, [command, 'sweep', ...settings, '--seed', '3,4', '--out', 'runs'], {
    ...surroundings(here),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  stopped.stderr.setEncoding('utf8').on('data', text => {
    said += text;
  });
  const ended = once(stopped, 'exit');
  const run = join(here, 'runs', 'dataset-drawn_size-100_steps-900_hidden-12_eta-0.05', 'seed-3');
  const rows = () => (existsSync(join(run, 'log.csv')) ? read(run, 'log.csv').split('\n').length : 0);
  while (rows() < 100) await new Promise(resolve => setTimeout(resolve, 5));
  stopped.kill('SIGINT');
  expect(await ended).toEqual([130, null]);
  expect(said).toMatch(/sweep: stopped by Ctrl-C; 0 of 2 runs are in runs, and the same command goes on from there\n$/);
  expect(rows()).toBeLessThan(900);

  const swept = await longhand(here, ['sweep', ...settings, '--seed', '3,4', '--out', 'runs']);
  const trained = await longhand(here, ['train', ...settings, '--seed', '3', '--out', 'run']);
  expect([swept.code, trained.code]).toEqual([0, 0]);
  for (const file of ['log.csv', 'checkpoint.safetensors', 'units.png'])
    expect(readFileSync(join(run, file)).equals(readFileSync(join(here, 'run', file)))).toBe(true);
  const line = JSON.parse(
    read(here, 'runs', 'results.jsonl')
      .split('\n')
      .find(text => text.includes('"seed":3'))!,
  );
  const log = read(here, 'run', 'log.csv').trim().split('\n').slice(1);
  expect(
    line.loss.map((loss: number, k: number) => `${k},${loss},${line.training_error[k]},${line.test_error[k]}`),
  ).toEqual(log);
});

test('numbers of drawn digits are values like others', async () => {
  const args = ['sweep', ...words('--dataset drawn --samples 40,80 --steps 2 --seed 0,1')];
  const { code, stdout } = await longhand(freshFolder(), args);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^ *size [\s\S]*^ *40 +2 +2 [\s\S]*^ *80 +2 +2 /m),
  });
});

longTest('the six functions as they are written give what they give in `train`', async () => {
  const here = freshFolder();
  const settings = [...drawn, ...words('--engine sample --hidden 3 --steps 2')];
  const [swept, trained] = [await longhand(here, ['sweep', ...settings]), await longhand(here, ['train', ...settings])];
  const [, loss] = /^1 acc_train_loss ([\d.]+)/m.exec(trained.stdout)!;
  expect(swept.stdout).toMatch(/^ +2 +1 /m);
  expect(JSON.parse(read(here, 'longhand-sweep', 'results.jsonl')).loss[1].toFixed(2)).toBe(loss);
});

describe('a run without an end', () => {
  const two = ['sweep', ...drawn, ...words('--steps 10 --seed 0,1 --quiet')];

  test('is counted where it became NaN, and said', async () => {
    const { code, stdout } = await longhand(freshFolder(), [...two, '--eta', '1e42,0.1', '--csv', 'table.csv']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1e\+42 +10 +0 +– +– +–$/m);
    expect(stdout).toMatch(/^ +0\.1 +10 +2 +\d/m);
    expect(stdout).toMatch(/^eta 1e\+42: 2 of 2 without an end \(seeds 0, 1\): step 1: the training loss is\s+NaN/m);
  });

  longTest('is tried again where it failed by something else', async () => {
    const here = freshFolder();
    await longhand(here, ['train', ...drawn, ...words('--steps 10 --seed 7 --out other')]);
    const runs = join(here, 'runs', 'dataset-drawn_size-100_steps-10');
    mkdirSync(runs, { recursive: true });
    cpSync(join(here, 'other'), join(runs, 'seed-1'), { recursive: true });
    const failed = await longhand(here, [...two, '--out', 'runs']);
    expect(failed.code).toBe(1);
    expect(failed.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /1 of 2 without an end \(seed 1\): runs\/\S+seed-1: holds a run with seed 7, where the sweep has 1\. Move it away/,
    );
    expect(read(runs, 'seed-1', 'log.csv')).toBe(read(here, 'other', 'log.csv'));
    rmSync(join(runs, 'seed-1'), { recursive: true });
    const again = await longhand(here, [...two, '--out', 'runs']);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ +10 +2 /m) });
  });

  longTest('is one even where it ended its thread, and the others go on in another', async () => {
    const dies = `import { parentPort } from 'node:worker_threads'; const on = parentPort?.on;
      if (on) parentPort.on = (name, f) => on.call(parentPort, name, m => m.settings?.seed === 1 ? process.exit(7) : f(m));`;
    const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(dies)}`;
    const three = [...two, '--seed', '2', '--jobs', '1'];
    const { code, stdout } = await longhand(freshFolder(), three, { NODE_OPTIONS });
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringMatching(/^ +10 +2 /m) });
    expect(stdout).toContain('1 of 3 without an end (seed 1): its thread ended: exit code 7');
  });
});

describe('what is wrong is said in a line before anything is trained', () => {
  const cases: [asked: string, says: string][] = [
    ['--eta 0.1,zero', "argument '0.1,zero' is invalid. 'zero' wants a number greater than 0"],
    ['--hidden 10..5', "'10..5' is no range: that goes from a whole number to a larger one, as 0..99 does"],
    ['--seed 0..999 --hidden 1..999', 'these are 999,000 runs; 100,000 is the most'],
    ['--seed=-2..2', '--seed -2 is a training that nobody can repeat; a sweep wants seeds from 0 on'],
    ['--at 3000', '--at 3000 is beyond the 1000 steps of these runs'],
    ['--samples 100,200 --dataset drawn,mnist', '--samples is a number of digits to draw; give --dataset drawn too'],
    ['--samples 1000000 --dataset drawn', '--samples 1000000 is too many for a sweep; 60000 is the most'],
    ['--reach err=3', 'measures are loss, training-error and test-error'],
    ['--hidden 1..9 --plot p.svg', '--plot shows 8 settings at most, and these are 9'],
    ['--plot curves.png', "argument 'curves.png' is invalid. It wants the name of an .svg file."],
    ['--csv -', "argument '-' is invalid. It wants the name of a file"],
    ['--shard 1/3 --csv t.csv', "'--shard <i/n>' cannot be used with option '--csv <file>'"],
  ];
  test('on the command line', () => {
    const here = freshFolder();
    const outcomes = outcomesOf(
      cases.map(([asked]) => ['sweep', ...words(asked)]),
      surroundings(here),
    );
    for (const [i, [asked, says]] of cases.entries()) {
      const { code, stdout, stderr } = outcomes[i]!;
      const lines = stderr.trim().split('\n').length;
      expect({ asked, code, stdout, lines }).toEqual({ asked, code: 2, stdout: '', lines: 1 });
      expect(stderr).toContain(says);
    }
    expect(readdirSync(here)).toEqual([]);
  });

  test('a table that cannot be written', async () => {
    const here = freshFolder();
    const { code, stderr } = await longhand(here, ['sweep', '--csv', 'nowhere/t.csv']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'longhand: nowhere/t.csv: cannot be written: there is no such folder\n',
    });
    expect(readdirSync(here)).toEqual([]);
  });

  test('a folder in the place of a table or a picture', async () => {
    const here = freshFolder();
    mkdirSync(join(here, 'p.svg'));
    for (const args of [words('--csv .'), words('--csv t.csv --plot p.svg')]) {
      const { code, stderr } = await longhand(here, ['sweep', ...drawn, ...args]);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: `longhand: ${args.at(-1)}: cannot be written: a folder stands where a file was wanted\n`,
      });
    }
    expect(readdirSync(here)).toEqual(['p.svg']);
  });

  test('a picture that cannot be written, with a table that can', async () => {
    const here = freshFolder();
    expect((await longhand(here, ['sweep', '--csv', 't.csv', '--plot', 'nowhere/p.svg'])).code).toBe(1);
    expect(readdirSync(here)).toEqual([]);
  });
});

test.skipIf(!hasTerminals)('on a terminal it shows how far it is, and leaves the table alone there', async () => {
  const args = ['sweep', ...drawn, ...words('--steps 100 --seed 0..9')];
  const terminal = new Terminal([process.execPath, command, ...args], { cwd: freshFolder(), columns: 40 });
  expect((await terminal.end()).code).toBe(0);
  expect(terminal.output).toMatch(/[█░]+ \d+\/10 runs {2}about .* left/);
  const shown = terminal.output.slice(terminal.output.lastIndexOf('\x1b[2K') + 4);
  expect(shown).toMatch(/^after 100 steps, 10 runs\r\n {2}training loss {3}[\d.]+ ± [\d.]+\r\n/);
});

describe('lists and ranges', () => {
  test('are mixed, and what comes twice is meant once', () => {
    expect(readList(settings.seed.values, '3, 0..2,2..4')).toEqual([3, 0, 1, 2, 4]);
    expect(readList(settings.eta.values, '0.1,1e-1,2')).toEqual([0.1, 2]);
    expect(readList(settings.targets.values, 'pm1,01')).toEqual(['pm1', '01']);
  });

  test('have no holes, and whole numbers alone have ranges', () => {
    for (const text of ['', ',', '1,,2', '1..', '..3', '1...3', '3..1', '0..3', '0.1..0.3', '1..99999999'])
      expect(() => readList(settings.hidden.values, text)).toThrow(InvalidArgumentError);
  });
});

describe('what is said over the seeds', () => {
  test('mean, deviation and range', () => {
    expect(statisticsOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      ...{ count: 8, mean: 5, least: 2, most: 9 },
      deviation: Math.sqrt(32 / 7),
    });
    expect(statisticsOf([88.6, 88.6, 88.6])).toMatchObject({ mean: 88.6, deviation: 0 });
    expect(statisticsOf([3])).toEqual({ count: 1, mean: 3, deviation: NaN, least: 3, most: 3 });
    expect(statisticsOf([])).toBeUndefined();
  });

  test('quantiles', () => {
    expect([0, 0.25, 0.5, 0.875, 1].map(share => quantile([1, 2, 3, 4, 10], share))).toEqual([1, 2, 3, 7, 10]);
  });
});

// twenty made runs of a hundred steps, of which the last one diverges in its middle
const grid = gridOf({
  ...practicalOnce,
  steps: [100],
  seed: Array.from({ length: 10 }, (_, i) => i),
  eta: [0.05, 0.1],
});
const questions: Questions = { at: [40], goals: [{ measure: 'test_error', value: 20 }], curves: true };
const observed = runsOf(grid).map(({ seed, eta }, i) => {
  const steps = i === 19 ? 50 : 100;
  const of = (start: number) => Array.from({ length: steps }, (_, k) => Math.max(0, start + seed - 10 * eta * k));
  const curve = { loss: of(500), training_error: of(60), test_error: of(90) };
  return observe(i === 19 ? { curve, diverged: 'step 50: NaN' } : { curve }, 100, questions);
});

test('a run that diverged counts for as long as it went', () => {
  const [slow, fast] = summaryOf(grid, observed, questions);
  expect(slow!.at[0]!.figures.loss).toMatchObject({ count: 10, mean: 500 + 4.5 - 0.5 * 39 });
  expect(fast!.at[0]!.figures.loss).toMatchObject({ count: 10, least: 500 - 39, most: 509 - 39 });
  expect(fast!.end.loss).toMatchObject({ count: 9, most: 508 - 99 });
  expect(fast!.withoutEnd).toEqual([{ seed: 9, why: 'step 50: NaN' }]);
  expect(slow!.reached[0]!.steps).toBeUndefined();
  expect(fast!.reached[0]!.steps).toMatchObject({ count: 9, least: 71, most: 79 });
});

test.each([34, 40, 60, 80, 200])('the table fits into %i columns', columns => {
  const table = tableOf(summaryOf(grid, observed, questions), grid.varied, columns);
  expect(Math.max(...table.split('\n').map(line => line.length))).toBeLessThanOrEqual(columns);
  expect(table).toContain('405.0 ± 2.7');
});

describe('the picture', () => {
  const picture = curvesPicture(grid, observed, { goals: questions.goals, title: 'a < b & "c"' });

  test('is one that a reader of SVG takes, of numbers alone', () => {
    expect(picture).toMatch(
      /^<svg [\s\S]*<title>a &lt; b &amp; &quot;c&quot;: line: median of 10 seeds[\s\S]*<\/svg>\n$/,
    );
    expect(picture).not.toMatch(/NaN|Infinity|undefined/);
    const paths = [...picture.matchAll(/ d="([^"]*)"/g)].map(([, path]) => path!);
    expect(paths.filter(path => !/^M[\d. HvhLZ-]+$/.test(path))).toEqual([]);
  });

  test('has a band and a line for each row in each panel, and the goal', () => {
    expect(picture.match(/Z" fill="#/g)).toHaveLength(6);
    expect(picture.match(/stroke-width="4.5"/g)).toHaveLength(6);
    expect(picture.match(/stroke-dasharray/g)).toHaveLength(1);
    expect(picture).toContain('>eta 0.05<');
  });

  test('stays on its page, with errors of 0 too', () => {
    const numbers = [...picture.matchAll(/ [xy]="([-\d.]+)"/g)].map(([, x]) => Number(x));
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(1600);
    expect(picture).toMatch(/>0<\/text>/);
  });

  test('shows the first step and the last, and not more than can be seen', () => {
    expect(shownSteps(3)).toEqual([1, 2, 3]);
    expect(shownSteps(1)).toEqual([1]);
    const many = shownSteps(100_000);
    expect([many.length, many[0], many.at(-1)]).toEqual([250, 1, 100_000]);
  });
});

test('without a choice it is the practical, once', () => {
  expect(runsOf(gridOf(practicalOnce))).toEqual([defaults]);
});

describe('docs/sweep.md', () => {
  const text = read('docs', 'sweep.md');
  const here = freshFolder();

  longTest.each(commandsOf(text))('npx longhand %s', async line => {
    const short = words(line.replace(/ --(at|steps) \S+/g, ''));
    const { code, stdout } = await longhand(here, [...short, ...drawn, '--steps', '2']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^ .*\b2 +\d+ /m) });
  });

  longTest('its program runs', async () => {
    const [, program] = /```js\n\/\/ raw\.mjs\n([\s\S]*?)```/.exec(text)!;
    mkdirSync(join(here, 'node_modules'));
    symlinkSync(fileURLToPath(new URL('..', import.meta.url)), join(here, 'node_modules', 'longhand'), 'junction');
    const short = program!
      .replace('loadData({', "loadData({ dataset: 'drawn', tiny: true,")
      .replace('train(engine)', 'train(engine, { steps: 2 })');
    expect(short.match(/tiny|steps/g)).toHaveLength(2);
    writeFileSync(join(here, 'raw.mjs'), short);
    const { stdout } = await promisify(execFile)(process.execPath, ['raw.mjs'], { cwd: here });
    expect(stdout.trim().split('\n')).toHaveLength(10);
  });
});

test('one step of one run is told in the singular', async () => {
  const one = ['sweep', ...drawn, ...words('--steps 1 --reach test-error=99')];
  const { stdout, stderr } = await longhand(freshFolder(), one);
  expect(stdout).toContain('in 1 of 1 run, first after 1 step\n');
  expect(stderr).toBe('longhand: 1 run; what is done is kept in longhand-sweep\n');
});
