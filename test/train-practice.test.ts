import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect } from 'vitest';
// the built one: a process of its own runs JavaScript, not TypeScript
import { Generator, initialParameters, problemOf } from '../dist/index.js';
import { Child } from '../dist/practice/node/channel.js';
import { PracticeError, practiceEngine } from '../dist/practice/practice-engine.js';
import { solutionOf } from '../src/practice/exercises.ts';
import { transform } from '../src/practice/transform.ts';
import { temporaryFolder } from './made-files.ts';
import { oneIn, sharedTest, test } from './one-in.ts';
import { outcomesOf } from './outcomes.ts';

// Somebody's six functions in the practical's loop, beside Longhand's.

const program = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
const practical = readFileSync(new URL('../src/practical.ts', import.meta.url), 'utf8');
const { folder, remove } = temporaryFolder();
afterAll(remove);

interface Trained {
  readonly code: number;
  readonly log: string;
  readonly notes: string;
}

function train(...args: string[]): Promise<Trained> {
  const all = [program, 'train', '--dataset', 'drawn', '--samples', '100', '--hidden', '8', ...args];
  return new Promise(resolve => {
    execFile(process.execPath, all, { encoding: 'utf8' }, (error, log, notes) =>
      resolve({ code: error === null ? 0 : Number(error.code), log, notes }),
    );
  });
}

/** A file with the practical's functions, one of its lines written otherwise. */
function written(name: string, right = '', wrong = right): string {
  expect(practical).toContain(right);
  const file = join(folder, `${name}.ts`);
  writeFileSync(
    file,
    practical.replace(right, () => wrong),
  );
  return file;
}

const lineOf = (code: string) => practical.split('\n').findIndex(line => line.includes(code)) + 1;

describe('our own functions', () => {
  test('the log is that of the reference, byte for byte, and they part nowhere', async () => {
    const steps = ['--steps', '6'];
    const [reference, practised] = [
      await train(...steps, '--engine', 'sample'),
      await train(...steps, '--practice', written('ours')),
    ];
    expect(practised.log).toBe(reference.log);
    expect(practised.code).toBe(0);
    expect(practised.notes).toContain('yours are equal to rounding in all of the 6 steps');
    expect(practised.notes).not.toContain('part');
    expect(practised.notes).not.toContain('one by one'); // they are run for all samples at once
  });

  test('a folder of four files is one, too; the training in it is not asked', async () => {
    for (const file of ['activation.ts', 'loss.ts', 'passes.ts'] as const)
      writeFileSync(join(folder, file), solutionOf(file));
    const { code, notes, log } = await train('--steps', '2', '--practice', folder);
    expect([code, log.split('\n').length]).toEqual([0, 5]);
    expect(notes).toContain('equal to rounding');
  });

  // steps five times as wide come to the edge of stability soon
  test('where rounding is amplified nothing is called a mistake', async () => {
    const { notes } = await train('--steps', '60', '--eta', '0.5', '--practice', written('ours'));
    expect(notes).not.toContain('too early for rounding');
    expect(notes).toMatch(/yours are equal to rounding up to step \d+; from there rounding is amplified/);
    expect(notes).not.toContain('says little');
  });
});

describe('all samples at once', () => {
  test('where they cannot be run so, one line says what asked for it, and the log is the same', async () => {
    const looks = ['const dlDx1 =', 'const size = dlDs2.pow(2).sum().item(); const dlDx1 ='] as const;
    const file = written('looks', ...looks);
    const steps = ['--steps', '3'];
    const [reference, practised] = [
      await train(...steps, '--engine', 'sample'),
      await train(...steps, '--practice', file),
    ];
    expect(practised.log).toBe(reference.log);
    const why = `${file}:${lineOf('const dlDx1 =')}: item looks at numbers, so the samples are taken one by one`;
    expect(practised.notes.split(why)).toHaveLength(2);
  });

  test('the line is that of a text into which a tensor is written', async () => {
    const file = written('told', 'const dlDx1 =', `const told = \`\${dlDs2}\`; const dlDx1 =`);
    const { notes } = await train('--steps', '1', '--practice', file);
    expect(notes).toContain(`${file}:${lineOf('const dlDx1 =')}: toString looks at numbers`);
  });
});

describe('a mistake', () => {
  type Mistake = [name: string, right: string, wrong: string, steps: number, says: RegExp];
  const mistakes: Mistake[] = [
    [
      'slope',
      'sub(1, tanh(x).pow(2))',
      'sub(1, tanh(x))',
      4,
      /step [123]: here .* part, .*backward pass, and at `dsigma`/s,
    ],
    [
      'mean',
      'pow(2).sum()',
      'pow(2).mean()',
      1,
      /step 0: here .* loss 8\.10.*no gradient was used yet: look at `loss`/s,
    ],
    ['half', 'sub(v, t).mul(2)', 'sub(v, t)', 2, /step [01]: here .* part/],
  ];
  sharedTest.each<Mistake>(oneIn(3, mistakes))(
    'is told once, at the step where they part: %s',
    async (name, right, wrong, steps, says) => {
      const file = written(name, right, wrong);
      const { code, notes } = await train('--steps', `${steps}`, '--practice', file);
      expect(code).toBe(0);
      expect(notes).toMatch(says);
      expect(notes.match(/here yours and Longhand's own functions part/g)).toHaveLength(1);
      expect(notes).not.toContain('equal to rounding');
      expect(notes).toContain(`\`longhand check ${file}\``);
    },
  );

  test('where many steps follow, the end says at which step it was', async () => {
    const { notes } = await train('--steps', '30', '--practice', written('half', 'sub(v, t).mul(2)', 'sub(v, t)'));
    expect(notes.match(/here yours and Longhand's own functions part/g)).toHaveLength(1);
    expect(notes).toMatch(/^.*yours went another way than Longhand's own functions at step [01]: see what is said/m);
  });

  test('that cannot show yet is not called right: the plateau is named, and the check', async () => {
    const file = written('at-x1', 'dlDx1.mul(dsigma(s1))', 'dlDx1.mul(dsigma(x1))');
    const { notes } = await train('--steps', '8', '--practice', file);
    expect(notes).toContain('yours are equal to rounding in all of the 8 steps');
    expect(notes).toMatch(/that says little yet: on the plateau, .*wrong functions look like right ones/);
    expect(notes).toContain(`\`longhand check ${file}\``);
  });

  test('--quiet says nothing', async () => {
    const file = written('mean', 'pow(2).sum()', 'pow(2).mean()');
    expect((await train('--steps', '1', '--quiet', '--practice', file)).notes).toBe('');
  });
});

describe('whatever the code does, this process says what happened', () => {
  /** Two steps on six samples with these functions. */
  async function twoSteps(right: string, wrong: string): Promise<string> {
    expect(practical).toContain(right);
    const made = transform({ 'mine.ts': practical.replace(right, () => wrong) });
    if (Array.isArray(made)) throw new Error(made[0]!.says);
    const inputs = Array.from({ length: 8 }, (_, n) => [n / 8, 1 - n / 8, n % 2]);
    const problem = problemOf({ name: 'small', inputs, labels: [0, 0, 0, 0, 1, 1, 1, 1], test: 0.25 });
    const start = initialParameters({ inputs: 3, hidden: 4, classes: 2 }, 0.1, new Generator(1));
    let engine: Awaited<ReturnType<typeof practiceEngine>> | undefined;
    try {
      engine = await practiceEngine(made, problem, start as never, new Child({}, 'training'));
      for (let step = 0; step < 2; step++) await engine.step(0.1);
      return 'trained';
    } catch (error) {
      return error instanceof PracticeError ? error.message : `a defect: ${error}`;
    } finally {
      await engine?.dispose();
    }
  }
  const at = (code: string) => `mine.ts:${lineOf(code)}: `;

  type Case = [name: string, right: string, wrong: string, says: string];
  const cases: Case[] = [
    [
      'a loop',
      '  const dlDx2 = dloss',
      '  while (true) {} const dlDx2 = dloss',
      `step 0: ${at('const dlDx2')}\`backwardPass\` did not come to an end, and was stopped`,
    ],
    [
      'a loop that catches what stops it',
      '  const x0 = x;',
      '  try { for (;;); } catch {} const x0 = x;',
      `step 0: ${at('const x0')}\`forwardPass\` did not come to an end`,
    ],
    ['a wrong shape', 'w2.t().mv(dlDs2)', 'w2.mv(dlDs2)', `step 0: ${at('const dlDx1')}mv: the matrix is [2, 4]`],
    [
      'a throw, later',
      'const dlDx1 = ',
      "if (b2.sub(0.0).abs().sum().item() > 0.4) throw new Error('enough'); const dlDx1 = ",
      `step 1: ${at('const dlDx1')}your code throws: enough`,
    ],
    ['nothing', '  return [x0, s1, x1, s2, x2];', '', '`forwardPass` gives nothing (undefined), where [x0, s1'],
    ['four of five', '[x0, s1, x1, s2, x2];', '[s1, x1, s2, x2];', '`forwardPass` gives a list of 4, where [x0,'],
    ['a number', 'pow(2).sum()', 'pow(2).sum().item()', '`loss` gives a number, where a tensor of one number is'],
    ['several numbers', 'pow(2).sum()', 'pow(2)', '`loss` gives a tensor of shape [2], where one number is'],
    [
      'a stub',
      '=> sub(1, tanh(x).pow(2))',
      "=> { throw new Error('not written yet'); }",
      '`dsigma` is not written yet',
    ],
    ['a loop outside of the functions', '/** The activation', 'while (true) {}\n/** The activation', 'to an end'],
    ['no rights', '  const x0 = x;', '  process.exit(0); const x0 = x;', 'there is no `process` here'],
  ];
  sharedTest.each<Case>(oneIn(3, cases))('%s', async (_, right, wrong, says) => {
    expect(await twoSteps(right, wrong)).toContain(says);
  });

  test('our own are trained', async () => {
    expect(await twoSteps('', '')).toBe('trained');
  });

  test.each<[name: string, right: string, wrong: string, says: string]>([
    ['crash', 'w2.t().mv(dlDs2)', 'w2.mv(dlDs2)', `step 0: {file}:${lineOf('const dlDx1')}: mv: the matrix is [10, 8]`],
    ['NaN', 'sub(v, t).mul(2)', 'sub(v, t).div(0)', 'step 1: the training loss is NaN'],
  ])('the command ends with a sentence: %s', async (name, right, wrong, says) => {
    const file = written(name, right, wrong);
    const { code, notes } = await train('--steps', '3', '--practice', file);
    expect(code).toBe(1);
    expect(notes).toContain(says.replace('{file}', file));
    expect(notes).toContain(`\`longhand explain ${file}\``);
    expect(notes).not.toContain('defect');
  });

  test.each<[name: string, source: string, says: string]>([
    ['a function that is not there', 'export const sigma = (x: any) => x.tanh();', 'exports no dsigma, loss,'],
    ['a file that does not compile', 'export const sigma = (;', ':1: '],
  ])('%s', async (_, source, says) => {
    const file = join(folder, 'other.ts');
    writeFileSync(file, source);
    const { code, notes } = await train('--practice', file);
    expect([code, notes.includes(says)]).toEqual([1, true]);
  });

  test('a run and another engine do not go with it', () => {
    const others = [
      ['--out', join(folder, 'run')],
      ['--resume', join(folder, 'run')],
      ['--engine', 'sample'],
    ];
    const refused = { code: 2, stderr: expect.stringContaining("'--practice <path>' cannot be used with option") };
    for (const outcome of outcomesOf(others.map(other => ['train', '--practice', written('ours'), ...other])))
      expect(outcome).toMatchObject(refused);
  });
});
