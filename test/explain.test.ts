import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { wayPage } from '../src/cli/explanation.ts';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { type Followed, type FollowedStage, followSample, type Way } from '../src/practice/follow.ts';
import { smallNetwork } from '../src/practice/small-network.ts';
import { transform } from '../src/practice/transform.ts';
import { temporaryFolder } from './made-files.ts';
import { outcomesOf } from './outcomes.ts';

// One sample's way through a network that is small enough to be read.

const program = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
const practical = readFileSync(new URL('../src/practical.ts', import.meta.url), 'utf8');
const network = smallNetwork({ sample: 0, hidden: 3 });

async function follow(source: string): Promise<Way> {
  const sources = { 'mine.ts': source };
  const transformed = transform(sources);
  if (Array.isArray(transformed)) throw new Error(transformed[0]!.says);
  const answerer = await startInProcess(transformed);
  return followSample({ sources, transformed, answerer }, network);
}

/** The practical with one of its lines written otherwise. */
function mistaken(right: string, wrong: string): string {
  expect(practical).toContain(right);
  return practical.replace(right, wrong);
}

const found = ({ values }: Way, stage: FollowedStage): Followed => values.find(value => value.stage === stage)!;
const differing = ({ values }: Way) => values.filter(({ differs }) => differs.length > 0).map(({ stage }) => stage);
const lineOf = (code: string, source = practical) => source.split('\n').findIndex(line => line.includes(code)) + 1;

const way = await follow(practical);

describe('our own functions', () => {
  test('the numbers are those of plain sums', () => {
    const rows = (t: { tolist(): unknown }) => t.tolist() as number[][];
    const row = (t: { tolist(): unknown }) => t.tolist() as number[];
    const { w1, b1, w2, b2, x, t } = network;
    const layer = (w: number[][], b: number[], v: number[]) =>
      w.map((weights, i) => weights.reduce((sum, weight, j) => sum + weight * v[j]!, b[i]!));
    const s1 = layer(rows(w1), row(b1), row(x));
    const x1 = s1.map(Math.tanh);
    const s2 = layer(rows(w2), row(b2), x1);
    const x2 = s2.map(Math.tanh);
    const dlDs2 = x2.map((v, c) => 2 * (v - row(t)[c]!) * (1 - v * v));
    const dlDx1 = x1.map((_, h) => dlDs2.reduce((sum, d, c) => sum + d * rows(w2)[c]![h]!, 0));
    const dlDs1 = dlDx1.map((d, h) => d * (1 - x1[h]! * x1[h]!));
    const expected: Partial<Record<FollowedStage, number[]>> = {
      ...{ s1, x1, s2, x2, loss: [x2.reduce((sum, v, c) => sum + (row(t)[c]! - v) ** 2, 0)] },
      ...{ dl_ds2: dlDs2, dl_dx1: dlDx1, dl_ds1: dlDs1, dl_db2: dlDs2, dl_db1: dlDs1 },
      dl_dw2: dlDs2.flatMap(d => x1.map(v => d * v)),
      dl_dw1: dlDs1.flatMap(d => row(x).map(v => d * v)),
    };
    for (const [stage, numbers] of Object.entries(expected)) {
      const own = found(way, stage as FollowedStage).numbers!;
      expect(own).toHaveLength(numbers.length);
      for (const [i, number] of numbers.entries()) expect(own[i], `${stage} ${i}`).toBeCloseTo(number, 10);
    }
  });

  test('each derivative agrees with its two points to six digits', () => {
    expect(differing(way)).toEqual([]);
    expect(way.failures).toEqual([]);
    for (const { stage, numbers, expected } of way.values) {
      const largest = Math.max(...expected!.map(Math.abs));
      for (const [i, number] of numbers!.entries())
        expect(Math.abs(number - expected![i]!), stage).toBeLessThan(1e-6 * largest + 1e-9);
    }
  });

  test('each value comes with the lines that made it', () => {
    const lines = (stage: FollowedStage) => found(way, stage).lines.map(({ line }) => line);
    expect(lines('s1')).toEqual([lineOf('const s1')]);
    expect(lines('x2')).toEqual([lineOf('const x2'), lineOf('const sigma')]);
    expect(lines('loss')).toEqual([lineOf('const loss')]);
    expect(lines('dl_dx2')).toEqual([lineOf('const dlDx2'), lineOf('const dloss')]);
    expect(lines('dsigma1')).toEqual([lineOf('const dsigma')]);
    expect(lines('dl_ds1')).toEqual([lineOf('const dlDs1')]);
    expect(lines('dl_dw1')).toEqual([lineOf('dlDw1.add_')]);
    expect(found(way, 'dl_dx1').lines[0]!.text).toBe('const dlDx1 = w2.t().mv(dlDs2);');
  });
});

describe('a mistake shows first at its line', () => {
  test.each<[right: string, wrong: string, stage: FollowedStage]>([
    ['sub(1, tanh(x).pow(2))', 'sub(1, tanh(x))', 'dsigma2'],
    ['sub(v, t).mul(2)', 'sub(v, t)', 'dl_dx2'],
    ['const s1 = w1.mv(x0).add(b1)', 'const s1 = w1.mv(x0)', 's1'],
    ['const dlDs1 = dlDx1.mul(dsigma(s1))', 'const dlDs1 = dlDx1.mul(dsigma(x1))', 'dl_ds1'],
    ['const dlDx1 = w2.t().mv(dlDs2)', 'const dlDx1 = w2.mv(dlDs2)', 'dl_dx1'], // three units, three classes
    ['dlDw2.add_(dlDs2.outer(x1))', 'dlDw2.add_(x1.outer(dlDs2))', 'dl_dw2'],
    ['dlDb1.add_(dlDs1)', 'dlDb1.sub_(dlDs1)', 'dl_db1'],
  ])('%s → %s', async (right, wrong, stage) => {
    const source = mistaken(right, wrong);
    const way = await follow(source);
    expect(differing(way)[0]).toBe(stage);
    expect(found(way, stage).lines.map(({ line }) => line)).toContain(lineOf(wrong, source));
  });
});

describe('what is not there is said, and the rest goes on', () => {
  test('a function that throws', async () => {
    const way = await follow(mistaken('const dlDx1 = w2.t().mv(dlDs2)', 'const dlDx1 = w2.nothing(dlDs2)'));
    expect(way.failures).toHaveLength(1);
    expect(way.failures[0]).toMatch(/^mine\.ts:\d+: a tensor has no `\.nothing`/);
    expect(found(way, 'dl_ds2').differs).toEqual([]);
    expect(found(way, 'dl_ds2').numbers).toBeDefined();
    expect(found(way, 'dl_dx1').numbers).toBeUndefined();
    expect(found(way, 'dl_dx1').expected).toHaveLength(3);
  });

  test('no function at all: two points are taken with ours', async () => {
    const way = await follow('export const sigma = (x: any) => x.tanh();');
    expect(way.slopesAreOurs).toBe(true);
    expect(way.failures).toContain('there is no `forwardPass` in it');
    expect(found(way, 'dl_dw1').expected).toEqual(found(await follow(practical), 'dl_dw1').expected!.map(close));
  });

  test('a value without a name', async () => {
    const source = mistaken(
      '  const x2 = sigma(s2);\n  return [x0, s1, x1, s2, x2];',
      '  return [x0, s1, x1, s2, sigma(s2)];',
    );
    const way = await follow(source);
    expect(differing(way)).toEqual([]);
    expect(found(way, 'x2').numbers).toBeDefined();
  });

  test('numbers in float32, whose slopes are coarse', async () => {
    const way = await follow(mistaken('tanh(x);', 'tanh(x).float();'));
    expect(way.isCoarse).toBe(true);
    expect(differing(way)).toEqual([]);
  });

  const close = (number: number): unknown => expect.closeTo(number, 8);
});

describe('on the terminal', () => {
  const { folder, remove } = temporaryFolder();
  afterAll(remove);
  const written = (source: string): string => {
    const file = join(folder, 'mine.ts');
    writeFileSync(file, source);
    return file;
  };
  const run = (...args: string[]) => spawnSync(process.execPath, [program, 'explain', ...args], { encoding: 'utf8' });

  test('it fits 80 columns, with any number of units', () => {
    for (const { code, stdout: text } of outcomesOf(['1', '3', '9'].map(hidden => ['explain', '--hidden', hidden]))) {
      expect(code).toBe(0);
      expect(text.split('\n').filter(line => line.length > 79)).toEqual([]);
      expect(text).toContain('✓ Every derivative agrees');
      expect(text).not.toMatch(/undefined|NaN/);
    }
  });

  test('where a terminal shows ASCII only, a product is no difference', () => {
    const lines = wayPage(way, network, { unicode: false, colours: false, path: undefined, shownFile: file => file });
    expect(lines.filter(line => /[^ -~]/.test(line))).toEqual([]);
    expect(lines.join('\n')).toContain('w1[0,0]*x0[0] + w1[0,1]*x0[1] + ...');
  });

  test('a mistake is marked at its line, and told by the exit code', () => {
    const file = written(mistaken('sub(1, tanh(x).pow(2))', 'sub(1, tanh(x))'));
    const { status, stdout } = run(file);
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      `not as it should be: dsigma(s2), ${file}:${lineOf('const dsigma')}.`,
    );
  });

  test('a function without an end is stopped, and named', () => {
    const file = written(mistaken('  const dlDx2', '  while (true) {}\n  const dlDx2'));
    const { status, stdout } = run(file);
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('`backwardPass` did not come to an end');
    expect(stdout).toContain('const x2 = sigma(s2);');
  });

  test('a file that does not compile is told by its line; a path that is not there is wrong use', () => {
    const file = written('export const sigma = (x => x;\n');
    const [unreadable, nowhere] = outcomesOf([file, 'no-such-file.ts'].map(path => ['explain', path]));
    expect(unreadable).toMatchObject({ code: 1, stderr: expect.stringContaining(`${file}:1: `) });
    expect(nowhere!.code).toBe(2);
  });
});
