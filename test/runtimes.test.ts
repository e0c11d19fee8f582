import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import * as longhand from '../src/index.ts';
import { bits } from './bits.js';
import { serveBuilt } from './built-pages.ts';
import { temporaryFolder } from './made-files.ts';
import { longTest, test } from './one-in.ts';
import { programs, runtimes, tellMissing } from './runtimes.ts';

// One program, which trains, saves, loads and predicts, and one command, in whatever runs JavaScript: V8, JavaScriptCore
// and SpiderMonkey, of Node, Deno, Bun and Firefox, agree to the bit. browser.test.ts has Chromium.

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);

const firefox = [process.env.FIREFOX_PATH, '/usr/bin/firefox-esr', '/usr/bin/firefox'].find(
  path => path !== undefined && existsSync(path),
);
tellMissing('runtimes.test.ts', programs);
if (firefox === undefined) console.warn('runtimes.test.ts: no Firefox found ($FIREFOX_PATH): it is skipped');

/** The log of a short training by the command, and the checkpoint that it leaves. */
async function trainedBy(program: string, args: readonly string[], out: string): Promise<[string, Buffer]> {
  const command = [...args, join(root, 'dist/cli/longhand.js'), 'train', '--dataset', 'drawn', '--steps', '3'];
  const { stdout } = await run(program, [...command, '--out', join(folder, out)], { cwd: folder });
  return [stdout, readFileSync(join(folder, out, 'checkpoint.safetensors'))];
}

let wanted: Record<string, number>;
let logAndCheckpoint: [string, Buffer];
const program = join(folder, 'program.mjs');
beforeAll(async () => {
  wanted = await bits(longhand);
  logAndCheckpoint = await trainedBy(process.execPath, [], 'this-node');
  // a project that has the package installed
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/longhand'), 'junction');
  copyFileSync(join(root, 'test/bits.js'), join(folder, 'bits.mjs'));
  writeFileSync(
    program,
    "import * as longhand from 'longhand';\nimport { bits } from './bits.mjs';\nconsole.log(JSON.stringify(await bits(longhand)));\n",
  );
});

describe.each(programs)('%s', (name, path, args) => {
  test.skipIf(!existsSync(path))('has the same bits, trained, saved, loaded and predicting', async () => {
    const { stdout } = await run(path, [...args, program], { cwd: folder });
    expect(JSON.parse(stdout)).toEqual(wanted);
  });

  test.skipIf(!existsSync(path))('runs the command, with the same log and the same checkpoint', async () => {
    expect(await trainedBy(path, args, name)).toEqual(logAndCheckpoint);
  });
});

// Node 20 does not, and needs tsx.
const understanding: typeof programs = [
  ...programs.filter(([name]) => name !== 'Node 20'),
  ['tsx', join(runtimes, 'tsx/dist/cli.mjs'), []],
];
describe.each(understanding)('%s', (name, path, args) => {
  test.skipIf(!existsSync(path))("runs the README's TypeScript as it is written", async () => {
    const [, example] = /^```ts\n(\/\/ example\.mts\n[\s\S]*?)^```$/m.exec(
      readFileSync(join(root, 'README.md'), 'utf8'),
    )!;
    writeFileSync(join(folder, 'example.mts'), example!);
    const command = name === 'tsx' ? [process.execPath, path] : [path, ...args];
    const { stdout } = await run(command[0]!, [...command.slice(1), 'example.mts'], { cwd: folder });
    expect(stdout).toMatch(/\na (\d), read as \1: \[/);
  });
});

describe('Firefox', () => {
  let browser: ChildProcess | undefined;
  afterAll(() => void browser?.kill());

  longTest.skipIf(firefox === undefined)('has the same bits, with threads', async () => {
    const script = `
      const post = text => fetch('/posted', { method: 'POST', body: text });
      Promise.all([import('/test/bits.js'), import('/dist/index.js')])
        .then(async ([{ bits }, longhand]) => post(JSON.stringify({ crossOriginIsolated, ...await bits(longhand) })))
        .catch(error => post(JSON.stringify({ error: error.stack ?? String(error) })));`;
    const pages = await serveBuilt(script);
    const profile = temporaryFolder();
    browser = spawn(firefox!, ['--headless', '--no-remote', '--profile', profile.folder, pages.address], {
      stdio: 'ignore',
    });
    const ended = new Promise(resolve => browser!.once('exit', resolve));
    try {
      const { crossOriginIsolated, ...posted } = JSON.parse(await pages.posted);
      expect(posted).toEqual(wanted);
      expect(crossOriginIsolated).toBe(true);
    } finally {
      browser.kill();
      await ended;
      pages.close();
      profile.remove();
    }
  });
});
