import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dice } from '../dice.ts';
import { hostileSubmissions, solutionsStolen } from '../hostile-submissions.ts';
import { temporaryFolder } from '../made-files.ts';
import { edited, rightVariants } from '../practice-right.ts';
import { mistakenWork, rightWork } from '../practice-suite.ts';

// A large class of every kind: right, mistaken, hostile.

const program = join(import.meta.dirname, '../../dist/cli/longhand.js');
const { folder, remove } = temporaryFolder();
afterAll(remove);

type Work = readonly [name: string, source: string];
const right: Work[] = [
  ...rightWork.map(({ name, source }): Work => [`right ${name}`, source]),
  ...rightVariants.map(([name, ...edits], i): Work => [`right ${i} ${name.replace(/[^\w ]/g, '')}`, edited(edits)]),
];
const hostile = [...hostileSubmissions, ...solutionsStolen].map(
  ([name, source]) => [`hostile ${name}`, source] as const,
);
const mistaken = mistakenWork.map(({ name, source }) => [`mistaken ${name}`, source] as const);

function classOf(name: string, works: readonly Work[]): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [name, source] of works) {
    mkdirSync(join(path, name));
    writeFileSync(join(path, name, 'practical.ts'), source);
  }
  return path;
}

const command = (path: string, out: string): string[] => [
  ...[program, 'grade', path, '--isolation', '1', '--seed', '11'],
  ...['--out', join(folder, out), '--json', join(folder, `${out}.json`)],
];
interface Result {
  readonly submission: string;
  readonly passed: boolean;
  readonly score: number;
}
const resultsIn = (out: string): Result[] => JSON.parse(readFileSync(join(folder, `${out}.json`), 'utf8')).submissions;
/** The processes of judges and of submissions. */
const processes = (): number =>
  execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter(line => line.includes(join(import.meta.dirname, '../../dist/practice/node'))).length;

test('100 submissions: the right ones pass, no other does, and the machine is as it was', async () => {
  // of each kind from its beginning to its end: every one is judged alone in other tests
  const spread = (works: readonly Work[], count: number) =>
    Array.from({ length: count }, (_, i) => works[Math.floor((i * works.length) / count)]!);
  const all = [...spread(right, 20), ...spread(hostile, 40), ...spread(mistaken, 40)];
  const path = classOf('soak', all);
  const before = processes();
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, command(path, 'soaked'), {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  console.log(`100 submissions in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  expect(status, stderr).toBe(0);
  const results = resultsIn('soaked');
  expect(results).toHaveLength(100);
  expect(results.filter(({ submission, passed }) => submission.startsWith('right') && !passed)).toEqual([]);
  expect(results.filter(({ submission, passed }) => !submission.startsWith('right') && passed)).toEqual([]);
  expect(results.filter(({ submission, score }) => submission.startsWith('hostile') && score > 0)).toEqual([]);
  await expect.poll(processes, { timeout: 30_000 }).toBe(before);
});

test('killed at five moments and called again, it comes to the same table', async () => {
  const below = dice(5);
  const path = classOf('killed', [...right.slice(0, 3), ...hostile.slice(35, 38), ...mistaken.slice(100, 106)]);
  expect(spawnSync(process.execPath, command(path, 'whole')).status).toBe(0);
  for (let kill = 0; kill < 5; kill++) {
    const child = spawn(process.execPath, command(path, 'pieces'), { stdio: 'ignore' });
    const ended = new Promise(resolve => child.on('exit', resolve));
    const timer = setTimeout(() => child.kill('SIGKILL'), 500 + below(4000));
    await ended;
    clearTimeout(timer);
  }
  const { status, stderr } = spawnSync(process.execPath, command(path, 'pieces'), { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(/\d+ of 12 are graded already/);
  expect(resultsIn('pieces')).toEqual(resultsIn('whole'));
  await expect.poll(processes, { timeout: 30_000 }).toBe(0);
});
