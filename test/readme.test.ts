import { exec, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { judge } from '../src/practice/judge/judge.ts';

// What README.md says is done as it says: its six functions are the file's, its commands run, its example compiles and
// runs in a project that has Longhand installed.
const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const readme = await readFile(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language,
  text: text!,
}));
const hasData = existsSync(join(process.env.PYTORCH_DATA_DIR ?? '/nowhere', 'mnist'));
if (!hasData) console.warn('readme.test.ts: no MNIST in $PYTORCH_DATA_DIR, the commands that use it are skipped');

let project: string;
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'longhand-readme-'));
  await mkdir(join(project, 'node_modules', '@types'), { recursive: true });
  await symlink(root, join(project, 'node_modules', 'longhand'), 'junction');
  await symlink(join(root, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'), 'junction');
  await writeFile(join(project, 'package.json'), '{ "private": true }');
});
afterAll(() => rm(project, { recursive: true, force: true }));

test('the six functions are those of src/practical.ts, to the letter', async () => {
  const source = await readFile(join(root, 'src/practical.ts'), 'utf8');
  const functions = source.slice(source.indexOf('/**')).replace(/^\/\/ biome-ignore .*\n/m, ''); // no mathematics
  expect(blocks.find(({ language }) => language === 'ts')?.text).toBe(functions);
});

describe('what is shown to those who write TypeScript', () => {
  const shown = (name: string) => blocks.find(({ text }) => text.startsWith(`// ${name}\n`))!.text;
  const [imports, ...lines] = shown('mine.mts')
    .split('\n')
    .slice(1)
    .filter(line => line !== '');
  let compiled: Promise<{ readonly stdout: string }>;

  beforeAll(async () => {
    let mine = await readFile(join(root, 'src/practical.ts'), 'utf8');
    mine = mine.replace(/^import [\s\S]*?\n\n/, `${imports}\n\n`);
    for (const line of lines) {
      const [start] = /^.* = x => /.exec(line)!;
      const old = mine.split('\n').find(old => old.startsWith(start))!;
      mine = mine.replace(old, line);
    }
    await writeFile(join(project, 'mine.mts'), mine);
    const names = ['example.mts', 'own.mts'];
    for (const name of names) await writeFile(join(project, name), shown(name));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const options = '--strict --target es2022 --module nodenext --types node --rewriteRelativeImportExtensions';
    compiled = run(process.execPath, [tsc, ...options.split(' '), ...names], { cwd: project }).catch(e => e);
  });

  /** What a program prints, compiled in the project. */
  async function output(name: string): Promise<string> {
    expect((await compiled).stdout).toBe('');
    const { stdout, stderr } = await run(process.execPath, [`${name}.mjs`], { cwd: project });
    expect(stderr).toBe('');
    return stdout;
  }

  test('trains, saves, loads and predicts', async () => {
    const printed = await output('example');
    expect(printed).toMatch(/\n180 [\d.]+ [12]\d(\.\d)?%\n/);
    const [, label, digit] = /\na (\d), read as (\d): \[/.exec(printed)!;
    expect(digit).toBe(label);
  });

  test('functions of your own: two lines of src/practical.ts, and its imports', async () => {
    expect(lines).toHaveLength(2);
    const printed = await output('own');
    const errors = [...printed.matchAll(/^\d+ ([\d.]+)%$/gm)].map(([, error]) => Number(error));
    expect(errors).toHaveLength(10);
    expect(errors.at(-1)).toBeLessThan(40);
  });
});

// Our bits are the same on every machine, so the log is, too, however far into the training.
test.skipIf(!hasData)('the log is the one that its command prints, line by line', async () => {
  const [command, ...lines] = blocks
    .find(({ text }) => text.includes('acc_train_loss'))!
    .text.trim()
    .split('\n');
  const [, options] = /^\$ npx longhand (.*)$/.exec(command!)!;
  const cli = join(root, 'dist/cli/longhand.js');
  const { stdout } = await run(process.execPath, [cli, ...options!.split(' ')], { cwd: project });
  const printed = stdout.trim().split('\n');
  expect(lines.filter(line => line !== '…' && !printed.includes(line))).toEqual([]);
  expect(lines.at(-1)).toBe(printed.at(-1));
});

describe('the learner', () => {
  beforeAll(async () => {
    const source = await readFile(join(root, 'src/practical.ts'), 'utf8');
    const mine = source.replace('./six-functions.ts', 'longhand').replace('./tensor/index.ts', 'longhand/tensor');
    await writeFile(join(project, 'my.ts'), mine);
  });

  test('is told what is wrong in the words that are shown', async () => {
    const [, shown] = /^> (`dlDs1` .*)$/m.exec(readme)!;
    const source = await readFile(join(root, 'src/practical.ts'), 'utf8');
    const mistaken = source.replace('dlDx1.mul(dsigma(s1))', 'dlDx1.mul(dsigma(x1))');
    const { stages } = await judge({ 'practical.ts': mistaken }, startInProcess, { seed: 7 });
    expect(stages.filter(({ verdict }) => verdict !== 'passed').map(({ says }) => says)).toEqual([shown]);
  });

  const { text } = blocks.find(block => block.text.includes('longhand check my.ts'))!;
  const lines = text.trim().split('\n');
  const fewSteps = ['--dataset', 'drawn', '--tiny', '--steps', '2'];
  test.each(lines.map(line => line.replace(/ *#.*/, '')))('%s', async line => {
    const cli = join(root, 'dist/cli/longhand.js');
    const words = line.split(' ').slice(2);
    if (words[0] === 'compare') {
      const { stdout } = await run(process.execPath, [cli, 'train', ...fewSteps], { cwd: project });
      await writeFile(join(project, words[1]!), stdout);
    }
    const options = words[0] === 'train' ? fewSteps : [];
    const { stdout } = await run(process.execPath, [cli, ...words, ...options], { cwd: project });
    expect(stdout).not.toBe('');
  });
});

describe('each line of a block marked sh runs', () => {
  const commands = blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n'));
  const lines = commands.filter(line => line.trim() !== '' && !line.startsWith('#'));

  test('and is a command of ours', () => {
    expect(lines.filter(line => !/^(npx longhand|npm start)\b/.test(line))).toEqual([]);
  });

  // `npx longhand` in a project that has it installed, `npm start` in this repository
  for (const line of lines.filter(line => /^(npx longhand|npm start)\b/.test(line))) {
    test.skipIf(!hasData && !line.includes('drawn'))(line, async () => {
      const ours = line.replace(/^npx longhand\b/, `"${process.execPath}" node_modules/longhand/dist/cli/longhand.js`);
      const cwd = line.startsWith('npm') ? root : project;
      await promisify(exec)(ours, { cwd, maxBuffer: 2 ** 26 });
    });
  }
});
