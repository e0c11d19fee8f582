import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds dist and the lab before any test, for the tests that run the command, the package or the page as a user does. */
export default function build(): void {
  const { status } = spawnSync('npm run --silent prelab', { cwd: root, shell: true, stdio: 'inherit' });
  if (status !== 0) throw new Error('the sources do not compile: see above');
}
