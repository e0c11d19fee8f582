import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where `npm install --prefix` has put what is not everybody's to install. */
export const runtimes: string = join(process.env.RUNTIMES ?? '/nowhere', 'node_modules');

/** Something that runs JavaScript: its name, where it lies, and what it wants before the name of a program. */
export type Runtime = readonly [name: string, path: string, args: readonly string[]];

export const nodes: readonly Runtime[] = [20, 22, 24, 26].map(
  version => [`Node ${version}`, join(runtimes, `node-${version}/bin/node`), []] as const,
);

export const programs: readonly Runtime[] = [
  ...nodes,
  ['Deno', join(runtimes, '@deno/linux-x64-glibc/deno'), ['run', '--allow-all', '--no-check']],
  ['Bun', join(runtimes, '@oven/bun-linux-x64/bin/bun'), []],
];

/** Says in the name of a test file which of them are not there, where any are not. */
export function tellMissing(testFile: string, wanted: readonly Runtime[]): void {
  const missing = wanted.filter(([, path]) => !existsSync(path)).map(([name]) => name);
  if (missing.length > 0) console.warn(`${testFile}: no ${missing.join(', ')} in $RUNTIMES: they are skipped`);
}
