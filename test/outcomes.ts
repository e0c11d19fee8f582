import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * What `longhand` says to each of these arguments, and the code that it ends with: all of them asked in one process, as
 * starting one takes longer than most of what is asked. What trains, or is stopped on the way, has a process of its own.
 */
export function outcomesOf(
  cases: readonly (readonly string[])[],
  surroundings: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Outcome[] {
  const program = fileURLToPath(new URL('one-process.mjs', import.meta.url));
  const args = [program, JSON.stringify(cases)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { ...surroundings, encoding: 'utf8' });
  if (status !== 0) throw new Error(`one-process.mjs ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}
