import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../made-files.ts';
import { mnistIsHere, wantsMnist } from '../mnist-here.ts';

const command = fileURLToPath(new URL('../../dist/cli/longhand.js', import.meta.url));
const saysPeak = 'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';
const { folder, remove } = temporaryFolder();
afterAll(remove);

test('three hundred runs, saved one by one, stay within 1.5 GB', async () => {
  const asked = '--dataset drawn --tiny --steps 10 --seed 0..99 --hidden 5,10,200 --out runs --plot curves.svg'.split(
    ' ',
  );
  const args = ['--import', saysPeak, command, 'sweep', ...asked];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  const peak = Number(/peak (\d+)/.exec(stderr)![1]) / 1000;
  console.log(`three hundred runs: ${peak.toFixed(0)} MB`);
  expect(stdout.match(/^ *(5|10|200) +10 +100 /gm)).toHaveLength(3);
  expect(peak).toBeLessThan(1500);
});

// Our bits are the same on every machine, so the table and the picture are, too.
describe.skipIf(!mnistIsHere)(`the sweep of README.md${wantsMnist}`, () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const readme = readFileSync(`${root}README.md`, 'utf8');
  let printed: string;
  /** How seeds 0 to 19 ended. */
  let twenty: { loss: number; trainError: number; testError: number }[];
  const [, options, table] = /^\$ npx longhand (sweep .*)\n([\s\S]*?)^```$/m.exec(readme)!;
  beforeAll(async () => {
    const here = { cwd: folder, maxBuffer: 2 ** 26 };
    const args = [command, ...options!.split(' '), '--out', 'hundred'];
    printed = (await promisify(execFile)(process.execPath, args, here)).stdout;
    const results = readFileSync(`${folder}/hundred/results.jsonl`, 'utf8').trim().split('\n');
    twenty = results
      .map(line => JSON.parse(line))
      .filter(({ settings }) => settings.seed < 20)
      .map(({ loss, training_error, test_error }) => ({
        ...{ loss: loss[999], trainError: training_error[999], testError: test_error[999] },
      }));
  }, 30 * 60_000);

  test('comes to its table and its picture', () => {
    expect(printed).toBe(table);
    expect(readFileSync(`${folder}/practical.svg`, 'utf8')).toBe(
      readFileSync(`${root}docs/pictures/practical.svg`, 'utf8'),
    );
  });

  // PyTorch 1.13 over the same seeds: loss 57.3 ± 9.9, training error 0.23 ± 0.12%, test error 15.63 ± 0.86%.
  test('has learned MNIST after 1,000 steps with each of seeds 0 to 19, as the table of these seeds says', () => {
    expect(twenty).toHaveLength(20);
    for (const { trainError, testError } of twenty) {
      expect(trainError).toBeLessThanOrEqual(1);
      expect(testError).toBeGreaterThanOrEqual(14);
      expect(testError).toBeLessThanOrEqual(18);
    }
    const row = /^\| Longhand \|.*$/m.exec(readme)![0];
    const over = (key: 'loss' | 'trainError' | 'testError') => twenty.map(end => end[key]);
    const range = (xs: number[]) => `${Math.min(...xs).toFixed(1)} to ${Math.max(...xs).toFixed(1)}`;
    const errors = (xs: number[]) => `${meanAndDeviation(xs, 2)}% (${range(xs)})`;
    const ends = [meanAndDeviation(over('loss'), 1), errors(over('trainError')), errors(over('testError'))];
    expect(`| Longhand | ${ends.join(' | ')} |`).toBe(row);
  });
});

function meanAndDeviation(xs: readonly number[], digits: number): string {
  const mean = xs.reduce((a, b) => a + b, 0) / xs.length;
  const squares = xs.reduce((a, x) => a + (x - mean) ** 2, 0);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(squares / (xs.length - 1)).toFixed(digits)}`;
}
