import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { oneIn, sharedTest } from './one-in.ts';

// Shapes are errors in the editor, in the newest compiler and in the oldest one that Longhand is for. The files of
// test/types are compiled against dist, as a package that depends on Longhand is; `npm test` builds it first.

const root = fileURLToPath(new URL('..', import.meta.url));

function compile(tsc: string, moduleResolution: string, ...files: string[]): Promise<string> {
  const module = moduleResolution === 'NodeNext' ? 'NodeNext' : 'ESNext';
  const options = '--noEmit --strict --skipLibCheck false --target ES2022 --lib ES2022,DOM'.split(' ');
  options.push('--typeRoots', 'test/types/none'); // no @types
  if (tsc === 'typescript') options.push('--ignoreConfig'); // 5.4 does so anyway where it is given files
  const args = [`node_modules/${tsc}/bin/tsc`, ...options, '--module', module, '--moduleResolution', moduleResolution];
  return new Promise(resolve => {
    execFile(process.execPath, [...args, ...files], { cwd: root }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}

const compilers = [
  ['typescript', 'NodeNext'],
  ['typescript-5.4', 'NodeNext'],
  ['typescript-5.4', 'Bundler'],
  ['typescript', 'Bundler'],
] as const;

sharedTest.each(oneIn(4, compilers))(
  '%s, %s: what fits compiles, what does not fit does not, and the message names both shapes',
  async (tsc, resolution) => {
    expect(existsSync(`${root}dist/index.d.ts`), 'dist is missing: npm run build').toBe(true);
    const files = ['tensor', 'inline', 'torch', 'practical', 'load-data', 'own-data', 'message'].map(
      name => `test/types/${name}.ts`,
    );
    const said = await compile(tsc, resolution, ...files);
    const errors = said.split('\n').filter(line => line.includes('error TS'));
    expect(errors.map(line => line.replace(/\(.*/, ''))).toEqual(Array(2).fill('test/types/message.ts'));
    expect(said).toContain('[50] and [10] do not broadcast');
    expect(said).toContain('[50, 784] does not broadcast to [784]');
  },
);
