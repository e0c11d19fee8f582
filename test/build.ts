import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds dist before any test, for the tests that run the command or the package as a user does. */
export default function build(): void {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const { status } = spawnSync('npm run --silent build', { cwd, shell: true, stdio: 'inherit' });
  if (status !== 0) throw new Error('the sources do not compile: see above');
}
