import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect } from 'vitest';
import { runLab } from './lab.ts';
import { oneIn, sharedTest, test } from './one-in.ts';

// The package as npm would publish it, installed in an empty project, without the network: its own dependencies are
// those of this repository.
const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

let project: string;
let tarball: string;
let installed: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'longhand-package-'));
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json'], {
    cwd: root,
    env: { ...process.env, npm_config_pack_destination: project },
    shell: process.platform === 'win32', // where npm is a script
  });
  tarball = join(project, JSON.parse(stdout)[0].filename);
  const modules = join(project, 'node_modules');
  await mkdir(modules, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', modules]);
  installed = join(modules, 'longhand');
  await run(process.execPath, ['-e', `fs.renameSync('package', 'longhand')`], { cwd: modules });
  for (const name of [...Object.keys(manifest.dependencies), '@types/node']) {
    await mkdir(dirname(join(modules, name)), { recursive: true }); // of a name with a scope
    await symlink(join(root, 'node_modules', name), join(modules, name), 'junction');
  }
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
});

afterAll(() => rm(project, { recursive: true, force: true }));

test('it holds the built files, the page, the sources, the papers and what they lead to, and nothing else', async () => {
  const { stdout } = await run('tar', ['-tzf', tarball]);
  const files = stdout.trim().split(/\r?\n/);
  const others = files.filter(
    file => !/^package\/(src\/.*\.ts|dist\/.*\.(js|d\.ts)(\.map)?|docs\/.*|kernels\/.*|lab\/dist\/.*)$/.test(file),
  );
  const papers = ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'bench/README.md', 'package.json'];
  const tests = manifest.files.filter((file: string) => file.startsWith('test/'));
  expect(others.sort()).toEqual([...papers, ...tests].map(file => `package/${file}`).sort());
  expect(files).toContain('package/dist/index.js');
  expect(files).toContain('package/src/practical.ts');
  const page = files.filter(file => file.startsWith('package/lab/')).map(file => file.replace('package/lab/dist/', ''));
  const kinds = page.map(file => file.replace(/^(assets\/)?.*?(?=\.\w+$)/, '$1'));
  expect([...new Set(kinds)].sort()).toEqual(['.html', '.md', '.svg', 'assets/.css', 'assets/.js']);
  expect(page).toContain('licenses.md'); // of what is bundled into it
});

test('every link in its papers leads to something in it', async () => {
  const papers = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'bench/README.md'];
  for (const file of await readdir(join(installed, 'docs'))) if (file.endsWith('.md')) papers.push(`docs/${file}`);
  const links: [paper: string, to: string][] = [];
  for (const paper of papers) {
    const text = await readFile(join(installed, paper), 'utf8');
    for (const [, to] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) if (!/^https?:/.test(to!)) links.push([paper, to!]);
  }
  expect(links).toContainEqual(['README.md', 'docs/page.md']);
  expect(links.filter(([paper, to]) => !existsSync(join(installed, dirname(paper), to)))).toEqual([]);
});

// npm warns of them, for they run what a stranger wrote.
test('it has no script that npm runs when it is installed, and needs no package that has one', async () => {
  const { scripts } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const atInstall = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];
  expect(Object.keys(scripts).filter(name => atInstall.includes(name))).toEqual([]);
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const needed = Object.entries<Record<string, unknown>>(packages).filter(([name, { dev }]) => name !== '' && !dev);
  expect(needed.length).toBeGreaterThanOrEqual(Object.keys(manifest.dependencies).length);
  expect(needed.filter(([, { hasInstallScript, deprecated }]) => hasInstallScript || deprecated)).toEqual([]);
});

test('publint finds no fault', async () => {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer as ArrayBuffer }, strict: true });
  expect(messages.map(message => formatMessage(message, pkg as Record<string, unknown>))).toEqual([]);
});

test("a learner's code runs in a process of its own from there, too", async () => {
  const part = (name: string) => JSON.stringify(pathToFileURL(join(installed, 'dist', 'practice', name)).href);
  const program = `
    import { childAnswerers } from ${part('node/channel.js')};
    import { transform } from ${part('transform.js')};
    const answerer = await childAnswerers()(transform({ 'mine.ts': 'export const sigma = (x: number) => x + 1;' }));
    const call = { function: 'sigma', arguments: [{ kind: 'number', value: 1 }], inPlaceOf: {}, substitutes: {} };
    console.log((await answerer.call(call)).value);
    await answerer.end();`;
  await writeFile(join(project, 'ask.mjs'), program);
  const { stdout } = await run(process.execPath, ['ask.mjs'], { cwd: project });
  expect(stdout).toBe("{ kind: 'number', value: 2 }\n");
});

const program = `
import { manualSeed, sigma, tensor } from 'longhand';
import { Tensor, zeros } from 'longhand/tensor';
import { drawnDigits, loadData } from 'longhand/prologue';
import { sampleEngine } from 'longhand/engine';
manualSeed(0);
const x = sigma(tensor([0, 0]));
const { trainInput } = await loadData({ dataset: 'drawn', tiny: true, log: () => {} });
console.log(x instanceof Tensor, zeros(2, 3).shape.join(), typeof drawnDigits, typeof sampleEngine, trainInput.shape.join());
`;

test('every subpath can be imported, and all of them share one tensor', async () => {
  await writeFile(join(project, 'program.mjs'), program);
  const { stdout } = await run(process.execPath, ['program.mjs'], { cwd: project });
  expect(stdout).toBe('true 2,3 function function 500,784\n');
});

test('a bundler for the browser finds no module of Node', async () => {
  const { build } = await import('vite');
  const entry = join(project, 'page.mjs');
  await writeFile(entry, `import * as longhand from 'longhand';\nglobalThis.longhand = longhand;\n`);
  const warnings: string[] = [];
  await build({
    root: project,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      lib: { entry, formats: ['es'] },
      rollupOptions: { onwarn: w => void warnings.push(w.message) },
    },
  });
  expect(warnings.filter(warning => /node:|externalized/.test(warning))).toEqual([]);
});

test('the command says its version', async () => {
  const { stdout } = await run(process.execPath, [join(installed, manifest.bin.longhand), '--version'], {
    cwd: project,
  });
  expect(stdout.trim()).toBe(manifest.version);
  expect(await readFile(join(installed, manifest.bin.longhand), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
});

test('the lab is served from there', async () => {
  const nothing = join(project, 'nothing');
  await mkdir(nothing);
  const command = join(installed, manifest.bin.longhand);
  const lab = await runLab(['--data-dir', nothing], { command, cwd: project });
  try {
    const page = await (await fetch(lab.address)).text();
    const [, script] = /<script [^>]*src="\.\/(.*?)"/.exec(page)!;
    const response = await fetch(new URL(script!, lab.address));
    expect(await response.text()).toBe(await readFile(join(installed, 'lab/dist', script!), 'utf8'));
  } finally {
    expect(await lab.interrupt()).toBe(0);
  }
});

test('whoever packs it has the page built, whoever installs it has not', () => {
  expect(manifest.scripts.prepack).toContain('scripts/page.mjs');
  for (const name of ['dependencies', 'build', 'prestart']) expect(manifest.scripts[name]).not.toMatch(/page|lab|vite/);
});

// With the compiler's strictest look at our declarations, and without our settings.
const typed = `
import { backwardPass, empty, forwardPass, loadData, type Tensor, zeros } from 'longhand';
import { randn } from 'longhand/tensor';
import { drawnDigits } from 'longhand/prologue';
import { type Engine, wasmEngine } from 'longhand/engine';

const w1: Tensor<[50, 784]> = empty(50, 784).normal_(0, 1e-6);
const [, s1]: [unknown, Tensor<[50]>, ...unknown[]] = forwardPass(w1, zeros(50), randn(10, 50), zeros(10), zeros(784));
// @ts-expect-error the lengths differ
w1.mv(s1);
const { trainInput } = await loadData({ dataset: 'drawn', tiny: true });
const row: Tensor<[784]> = trainInput.select(0, 0);
console.log(row.shape, typeof drawnDigits, typeof backwardPass, typeof wasmEngine, {} as Engine);
`;

const compilers = [
  ['typescript', 'nodenext', 'nodenext'],
  ['typescript', 'esnext', 'bundler'],
  ['typescript-5.4', 'nodenext', 'nodenext'],
  ['typescript-5.4', 'esnext', 'node10'],
] as const;
sharedTest.each(oneIn(4, compilers))(
  '%s, module %s, moduleResolution %s: its types are understood',
  async (compiler, module, resolution) => {
    // what a project of the older resolution has is no .mts
    const name = resolution === 'node10' ? 'typed.ts' : 'typed.mts';
    await writeFile(join(project, name), typed);
    const options = `--noEmit --strict --target es2022 --lib es2022 --types node --skipLibCheck false --module ${module}`;
    const tsc = join(root, 'node_modules', compiler, 'bin', 'tsc');
    const args = [tsc, ...options.split(' '), '--moduleResolution', resolution, name];
    const { stdout } = await run(process.execPath, args, { cwd: project }).catch(e => e);
    expect(stdout).toBe('');
  },
);
