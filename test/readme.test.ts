import { exec, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

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

test('the example compiles and runs', async () => {
  const example = blocks.find(({ text }) => text.startsWith('// example.mts\n'));
  await writeFile(join(project, 'example.mts'), example!.text);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node'];
  const compiled = await run(process.execPath, [tsc, ...options, 'example.mts'], { cwd: project }).catch(e => e);
  expect(compiled.stdout).toBe('');
  const { stdout, stderr } = await run(process.execPath, ['example.mjs'], { cwd: project });
  expect(stdout).not.toBe('');
  expect(stderr).toBe('');
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
