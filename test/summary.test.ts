import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { chart } from '../src/cli/chart.ts';
import { summary } from '../src/cli/summary.ts';
import { initialParameters, manualSeed, type Parameters, type Problem, type StepReport, tensor } from '../src/index.ts';
import { forwardPass } from '../src/practical.ts';
import { confusions } from '../src/predict/confusion.ts';
import { zeros } from '../src/tensor/index.ts';

const plain = { format: (value: number) => value.toFixed(1) };

describe('a chart', () => {
  test('goes from the first step to the last, from 0 to the largest value', () => {
    const values = [8, 8, 6, 6, 4, 4, 2, 2];
    const size = { width: 20, height: 5, firstStep: 10 };
    expect(chart('loss', [{ name: 'training', values, ...plain }], size).map(line => line.trimEnd())).toEqual([
      'loss',
      '─ training 2.0',
      '8.00 ┤────╮',
      '     │    ╰──╮',
      '4.00 ┤       ╰───╮',
      '     │           ╰──',
      '   0 ┤',
      '      step 10     17',
    ]);
  });

  test('the second curve is dotted and lies below the first', () => {
    const curves = [
      { name: 'a', values: [4, 4, 0, 0], ...plain },
      { name: 'b', values: [4, 4, 4, 4], ...plain },
    ];
    const lines = chart('both', curves, { width: 14, height: 3 });
    expect(lines[1]).toBe('─ a 0.0  · b 4.0');
    expect(lines[2]).toContain('┤────╮···');
  });

  test.each([
    ['one step', [3]],
    ['only zeros', [0, 0, 0]],
    ['more steps than columns', Array.from({ length: 5000 }, (_, i) => 5000 / (i + 1))],
  ])('%s fit', (_, values) => {
    const lines = chart('loss', [{ name: 'x', values, ...plain }], { width: 40, height: 6 });
    expect(lines.map(line => line.length)).toEqual(new Array(9).fill(40));
    expect(lines.join('')).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('the pairs that are mistaken', () => {
  test('the most frequent first, with how many there are of the class', () => {
    // one input, one hidden unit: the class is 1 where the input is above 0
    const parameters = {
      w1: tensor([[1]]),
      b1: tensor([0]),
      w2: tensor([[-1], [1], [0]]),
      b2: tensor([0, 0, -9]),
    } as unknown as Parameters;
    const input = tensor([[1], [1], [-1], [-1], [1]]);
    const target = tensor([
      [0.9, 0, 0],
      [0.9, 0, 0],
      [0.9, 0, 0],
      [0, 0.9, 0],
      [0, 0, 0.9],
    ]);
    expect(confusions(parameters, input, target)).toEqual([
      { label: 0, takenFor: 1, count: 2, of: 3 },
      { label: 1, takenFor: 0, count: 1, of: 1 },
      { label: 2, takenFor: 1, count: 1, of: 1 },
    ]);
  });

  test('as many as the six functions mistake', () => {
    manualSeed(5);
    const [D, H, C, N] = [7, 5, 4, 60];
    const parameters = initialParameters({ inputs: D, hidden: H, classes: C }, 1);
    const input = initialParameters({ inputs: D, hidden: N, classes: 1 }, 1).w1;
    const target = zeros(N, C);
    let mistaken = 0;
    for (let n = 0; n < N; n++) {
      target
        .select(0, n)
        .select(0, n % C)
        .fill_(0.9);
      const [, , , , x2] = forwardPass(parameters.w1, parameters.b1, parameters.w2, parameters.b2, input.select(0, n));
      if (x2.argmax().item() !== n % C) mistaken++;
    }
    const pairs = confusions(parameters, input, target);
    expect(pairs.reduce((sum, { count }) => sum + count, 0)).toBe(mistaken);
    expect(pairs.every(pair => pair.of === N / C)).toBe(true);
  });
});

describe('the summary', () => {
  const reports: StepReport[] = Array.from({ length: 30 }, (_, i) => ({
    ...{ step: 5 + i, trainLoss: 800 / (i + 1), trainError: 90 / (i + 1), testError: 90 / (i + 1) + 5 },
  }));
  const parameters = { w1: zeros(2, 3), b1: zeros(2), w2: zeros(2, 2), b2: zeros(2) } as unknown as Parameters;
  const testInput = zeros(2, 3);
  const testTarget = tensor([
    [0, 0.9],
    [0.9, 0],
  ]);
  const problem = { testInput, testTarget } as unknown as Problem;
  const outcome = {
    reports,
    done: 35,
    steps: 35,
    parameters,
    problem,
    folder: undefined,
    args: ['train'],
    columns: 100,
  };

  test.each([200, 100, 80, 60, 40])('nothing but a command is wider than %i columns', columns => {
    const lines = ['run', undefined].flatMap(folder => summary({ ...outcome, folder, columns }).split('\n'));
    // a command may be wider only where nothing stands beside it
    const isCommand = (line: string) => /^ {2}npx (?!.* {3})/.test(line);
    expect(lines.filter(line => line.length >= columns && !isCommand(line))).toEqual([]);
    expect(lines.filter(line => line.includes('step 5')).length).toBe(columns >= 80 ? 2 : 4);
    expect(lines).toContain('  1 taken for 0   1 of 1, 100.0%');
  });

  test('says what can be done with a run that was saved', () => {
    const text = summary({ ...outcome, folder: 'my runs/a' });
    expect(text).toContain('The run is saved in my runs/a.');
    expect(text).toContain("npx longhand predict 'my runs/a' PICTURE.png ");
    expect(text).toContain("npx longhand export 'my runs/a' --to onnx ");
    expect(text).toContain("npx longhand train --resume 'my runs/a' --steps 70 ");
  });

  test('sends a run that was stopped to the step that was asked for', () => {
    const text = summary({ ...outcome, steps: 3000, folder: 'a' });
    expect(text).toMatch(/npx longhand train --resume a {2,}go on to step 3000\n/);
  });

  test('says what would have saved one that was not', () => {
    const text = summary({ ...outcome, args: ['train', '--data-dir', "it's here"] });
    expect(text).toContain("  npx longhand train --data-dir 'it'\\''s here' --out run\n");
  });

  test('of a run that had nothing left to do, where it is', () => {
    const text = summary({ ...outcome, reports: [], folder: 'a' });
    expect(text).toMatch(/^\nThe run is saved in a\./);
  });
});

const longhand = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'longhand-summary-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the command', () => {
  const args = [longhand, 'train', '--dataset', 'drawn', '--samples', '100', '--steps', '3', '--hidden', '4'];

  test('shows none where standard error is no terminal', () => {
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder });
    expect(status).toBe(0);
    expect(stderr).not.toMatch(/taken for|npx longhand/);
  });

  // `script` of util-linux gives a command a terminal
  const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;
  test.skipIf(!hasTerminal)(`shows it on a terminal, but not with --quiet${hasTerminal ? '' : ' (skipped)'}`, () => {
    const onTerminal = (...more: string[]) => {
      const command = [process.execPath, ...args, ...more].map(word => `'${word}'`).join(' ');
      return spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', cwd: folder }).stdout;
    };
    const shown = onTerminal('--out', 'run');
    expect(shown).toMatch(/─ training/);
    expect(shown).toMatch(/\d taken for \d/);
    expect(shown).toMatch(/npx longhand predict run PICTURE\.png/);
    expect(onTerminal('--quiet')).not.toMatch(/taken for|npx longhand/);
    expect(onTerminal()).toMatch(/npx longhand train --dataset drawn --samples 100 --steps 3 --hidden 4 --out run/);
  });
});
