import { execFile } from 'node:child_process';
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

// `npm start` in a fresh clone whose dependencies were installed with --ignore-scripts: it builds what it needs, every
// time, and no more.
const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const shell = process.platform === 'win32'; // where npm is a script
let clone: string;

const start = async (...args: string[]) =>
  (await run('npm', ['start', '--silent', '--', ...args], { cwd: clone, shell })).stdout;
/** What `npm start` does first, as package.json says. */
const build = () => run('npm', ['run', '--silent', 'build'], { cwd: clone, shell });
const source = (name: string) => join(clone, 'src', name);
const built = (name: string) => join(clone, 'dist', name);

beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'longhand clone ')); // with a space, as some people's folders
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const file of stdout.split('\0').filter(file => file !== '' && !file.startsWith('test/'))) {
    await mkdir(dirname(join(clone, file)), { recursive: true });
    await copyFile(join(root, file), join(clone, file));
  }
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'), 'junction');
});

afterAll(() => rm(clone, { recursive: true, force: true }));

test('`npm start` builds first', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(scripts.prestart).toBe('npm run --silent build');
});

test('a fresh clone', async () => {
  expect(await start('--help')).toMatch(/^Usage: longhand train/);
});

test('nothing has changed, and nothing is built', async () => {
  const age = async () => (await stat(built('index.js'))).mtimeMs;
  const before = await age();
  await build();
  expect(await age()).toBe(before);
});

test('a source has changed, and another has come', async () => {
  await appendFile(source('practical.ts'), '\nexport const added = 1;\n');
  await writeFile(source('short-lived.ts'), 'export const short: number = 1;\n');
  await build();
  expect(await readFile(built('practical.js'), 'utf8')).toContain('export const added = 1;');
  expect(await readFile(built('short-lived.js'), 'utf8')).toContain('short');
});

test('a source has changed and bears an older date', async () => {
  await copyFile(join(root, 'src/practical.ts'), source('practical.ts'));
  await utimes(source('practical.ts'), new Date(2000, 0), new Date(2000, 0));
  await build();
  expect(await readFile(built('practical.js'), 'utf8')).not.toContain('added');
});

test('a built file is missing', async () => {
  await rm(built('tensor/index.js'));
  expect(await start('--help')).toMatch(/^Usage: longhand train/);
  expect(await readFile(built('tensor/index.js'), 'utf8')).not.toBe('');
});

test('a source is gone, and so is what was built from it', async () => {
  await rm(source('short-lived.ts'));
  await build();
  await expect(readFile(built('short-lived.js'))).rejects.toThrow(/ENOENT/);
});

test('a source with a mistake stops it, and is named', async () => {
  await writeFile(source('mistaken.ts'), `export const mistaken: number = 'a';\n`);
  await expect(start('--help')).rejects.toMatchObject({ stdout: expect.stringContaining('src/mistaken.ts') });
  await rm(source('mistaken.ts'));
});

test('the lock file names no host to download from', async () => {
  const lock = await readFile(join(root, 'package-lock.json'), 'utf8');
  expect(lock).not.toContain('"resolved"');
  expect(lock).toContain('"integrity"');
});
