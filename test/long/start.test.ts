import { execFile } from 'node:child_process';
import { appendFile, copyFile, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

// `npm start` and `npm run lab` in a fresh clone whose dependencies were installed with --ignore-scripts: all is built.
const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const shell = process.platform === 'win32'; // where npm is a script
let clone: string;

const npm = async (...args: string[]) => (await run('npm', args, { cwd: clone, shell })).stdout;
const start = () => npm('start', '--silent', '--', '--help');
const lab = () => npm('run', '--silent', 'lab', '--', '--help');

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

test('a fresh clone', async () => {
  expect(await start()).toMatch(/^Usage: longhand train/);
});

test('`npm run lab` builds the page once, and again when what it is made of has changed', async () => {
  const page = join(clone, 'lab/dist/index.html');
  expect(await lab()).toMatch(/^Usage: longhand lab/);
  const built = await stat(page);
  expect(await lab()).toMatch(/^Usage: longhand lab/);
  expect((await stat(page)).mtimeMs).toBe(built.mtimeMs);
  await appendFile(join(clone, 'lab/page/style.css'), '\n.added { color: red; }\n');
  await lab();
  expect((await stat(page)).mtimeMs).toBeGreaterThan(built.mtimeMs);
});
