import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type BuildName, buildFor } from '../src/engine/compile.ts';
import { v8 } from '../src/engine/v8.ts';
import { temporaryFolder } from './made-files.ts';
import { programs, tellMissing } from './runtimes.ts';

// The kernels are there with separators, where V8 needs them, and without, where it does better: compile.ts has the table.

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const built = new URL('../dist/engine/v8.js', import.meta.url).href;
const { folder, remove } = temporaryFolder();
afterAll(remove);

const wanted: Readonly<Record<string, BuildName>> = {
  'Node 20': 'separated',
  'Node 22': 'separated',
  'Node 24': 'joinable',
  'Node 26': 'joinable',
  Deno: 'joinable',
  Bun: 'joinable',
};
tellMissing('builds.test.ts', programs);
test.for(programs)('%s takes those that are faster there', async ([name, path, args], { skip }) => {
  if (!existsSync(path)) skip('it is not in $RUNTIMES');
  const program = join(folder, 'program.mjs');
  writeFileSync(program, `import { v8 } from '${built}';\nconsole.log(JSON.stringify({ version: v8() }));`);
  const { version } = JSON.parse((await run(path, [...args, program], { cwd: root })).stdout);
  expect(buildFor(version)).toBe(wanted[name]);
});

describe('a browser takes those that are faster there', () => {
  const chrome = (version: string) => `AppleWebKit/537.36 (KHTML, like Gecko) ${version} Safari/537.36`;
  test.each([
    ['Chromium 156', chrome('HeadlessChrome/156.0.0.0'), 'joinable'],
    ['Edge 135', `${chrome('Chrome/135.0.0.0')} Edg/135.0.0.0`, 'joinable'],
    ['Chrome 134', chrome('Chrome/134.0.0.0'), 'separated'],
    ['Firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 'joinable'],
    ['Safari', 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15', 'joinable'],
    ['one that hides its name', undefined, 'joinable'],
  ])('%s', (_, userAgent, build) => {
    vi.stubGlobal('navigator', { userAgent });
    vi.stubGlobal('process', undefined);
    const version = v8();
    vi.unstubAllGlobals();
    expect(buildFor(version)).toBe(build);
  });
});
