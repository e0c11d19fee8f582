import { execFile } from 'node:child_process';
import {
  appendFile,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

// `npm start` and `npm run lab` build what they need, every time, and no more: on a clone with a few of our sources, and a
// Vite that only notes that it was asked. test/long/start.test.ts has all sources and Vite itself.
const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const shell = process.platform === 'win32'; // where npm is a script
let clone: string;
let scripts: Record<string, string>;

const start = async (...args: string[]) =>
  (await run('npm', ['start', '--silent', '--', ...args], { cwd: clone, shell })).stdout;
/** What `npm start` does first. */
const build = async () => {
  for (const command of scripts.build!.split(' && ')) {
    const [node, ...args] = command.split(' ');
    expect(node).toBe('node');
    await run(process.execPath, args, { cwd: clone });
  }
};
const source = (name: string) => join(clone, 'src', name);
const built = (name: string) => join(clone, 'dist', name);
const write = async (path: string, text: string) => {
  await mkdir(dirname(join(clone, path)), { recursive: true });
  await writeFile(join(clone, path), text);
};

const ours = ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts', 'kernels', 'src/tensor']
  .concat(['src/practical.ts', 'src/six-functions.ts', 'src/practice/solutions', 'src/practice/training.ts'])
  // compiled already, which takes long
  .concat(['separated', 'joinable', 'plan'].map(name => `src/engine/${name}.generated.ts`));

const vite = `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
export function build({ root, configFile }) {
  mkdirSync(root + '/dist', { recursive: true });
  writeFileSync(root + '/dist/index.html', '');
  appendFileSync(root + '/../asked', configFile + '\\n');
}`;

beforeAll(async () => {
  clone = await mkdtemp(join(tmpdir(), 'longhand clone ')); // with a space, as some people's folders
  for (const path of ours) await cp(join(root, path), join(clone, path), { recursive: true });
  await write('src/cli/longhand.ts', "console.log('longhand', ...process.argv.slice(2));\n");
  await write('lab/page/style.css', '');
  await write('node_modules/vite/package.json', '{ "name": "vite", "type": "module", "exports": "./index.js" }');
  await write('node_modules/vite/index.js', vite);
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (/^\.|^vite$/.test(name)) continue;
    await symlink(join(root, 'node_modules', name), join(clone, 'node_modules', name), 'junction');
  }
  ({ scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
});

afterAll(() => rm(clone, { recursive: true, force: true }));

test('`npm start` builds first, and so does `npm run lab`', () => {
  expect(scripts.prestart).toBe('npm run --silent build');
  expect(scripts.prelab).toBe('npm run --silent build && node scripts/page.mjs');
});

test('a fresh clone', async () => {
  expect(await start('--help')).toBe('longhand train --help\n');
});

test('nothing has changed, and nothing is built', async () => {
  const age = async () => (await stat(built('practical.js'))).mtimeMs;
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
  await build();
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

test('the page is built where it is missing, and again when what it is made of has changed', async () => {
  const page = () => run(process.execPath, ['scripts/page.mjs'], { cwd: clone });
  const asked = async () => (await readFile(join(clone, 'asked'), 'utf8')).split('\n').slice(0, -1);
  const config = join(clone, 'lab/vite.config.ts');
  await page();
  expect(await asked()).toEqual([config]);
  await page();
  expect(await asked()).toHaveLength(1);
  for (const path of ['lab/page/style.css', 'src/practical.ts', 'package-lock.json']) {
    const before = (await asked()).length;
    await appendFile(join(clone, path), '\n');
    await utimes(join(clone, path), new Date(), new Date()); // of its own, a file's time may be some milliseconds old
    await page();
    expect([path, (await asked()).length]).toEqual([path, before + 1]);
  }
});

test('the lock file names no host to download from', async () => {
  const lock = await readFile(join(root, 'package-lock.json'), 'utf8');
  expect(lock).not.toContain('"resolved"');
  expect(lock).toContain('"integrity"');
});
