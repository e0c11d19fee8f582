/**
 * Builds the page of `longhand lab` into lab/dist where it is missing or older than what it is made of: `npm run lab`,
 * `npm test` and `npm pack` begin here. `npm install` never does.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** When the youngest file or folder in one was changed; a folder is, where a file in it comes or goes. */
function youngest(folder) {
  const entries = readdirSync(folder, { recursive: true }).filter(entry => !/^(dist|static)\b/.test(entry));
  return Math.max(...entries.map(entry => statSync(join(folder, entry)).mtimeMs));
}

function isFresh() {
  const page = join(root, 'lab/dist/index.html');
  if (!existsSync(page)) return false;
  const lock = statSync(join(root, 'package-lock.json')).mtimeMs;
  return statSync(page).mtimeMs >= Math.max(lock, ...['lab', 'src'].map(folder => youngest(join(root, folder))));
}

if (!isFresh()) {
  let vite;
  try {
    vite = await import('vite');
  } catch {
    console.error('longhand: cannot build the page, for Vite is not installed: run `npm install --include=dev`');
    process.exit(1);
  }
  await vite.build({ root: join(root, 'lab'), configFile: join(root, 'lab/vite.config.ts'), logLevel: 'warn' });
}
