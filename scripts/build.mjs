/**
 * Compiles src into dist, as far as it is missing or stale: `npm start`, `npm test` and `npm install` all begin here.
 *
 * The compiler keeps its own account of what it has written and believes it. It does not look whether the files are
 * still there, and leaves those of removed sources behind; where dist is not exactly what src makes, we start again.
 * `tsc --build` also takes a source with an older date for an unchanged one; `tsc --project` compares the contents.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The files in a folder with this ending, without it, a line each. */
function namesIn(folder, ending) {
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
  const names = files.flatMap(file => (ending.test(file) ? [file.replace(ending, '')] : []));
  return names.sort().join('\n'); // without their endings: x.d.ts comes before x.generated.d.ts, x.ts after x.generated.ts
}

const sources = namesIn(join(root, 'src'), /(?<!\.d)\.ts$/);
const dist = join(root, 'dist');
if ([/\.js$/, /\.js\.map$/, /\.d\.ts$/, /\.d\.ts\.map$/].some(ending => namesIn(dist, ending) !== sources)) {
  rmSync(dist, { recursive: true, force: true });
}

let compiler;
try {
  compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
} catch {
  console.error('longhand: cannot build, for TypeScript is not installed: run `npm install --include=dev`');
  process.exit(1);
}
const { status } = spawnSync(process.execPath, [compiler, '--project', root], { stdio: 'inherit' });
// npm makes it so where it installs the package; in a clone `npx longhand` is to run what is built later, too
if (status === 0) chmodSync(join(dist, 'cli', 'longhand.js'), 0o755);
process.exit(status ?? 1);
