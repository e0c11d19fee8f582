import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds dist and the lab before any test, for the tests that run the command, the package or the page as a user does. */
export default function build(): void {
  run('npm run --silent build');
  if (isStale()) run('npx vite build lab --logLevel warn');
}

function run(command: string): void {
  const { status } = spawnSync(command, { cwd: root, shell: true, stdio: 'inherit' });
  if (status !== 0) throw new Error('the sources do not compile: see above');
}

/** Whether anything that the lab's page is made of is younger than the page. */
function isStale(): boolean {
  const page = join(root, 'lab/dist/index.html');
  if (!existsSync(page)) return true;
  const built = statSync(page).mtimeMs;
  return ['lab', 'src'].some(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => !/^(dist|static)\b/.test(file))
      .some(file => statSync(join(root, folder, file)).mtimeMs > built),
  );
}
