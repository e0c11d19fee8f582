import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCheckpoint } from '../src/run/run.ts';
import { dice } from './dice.ts';
import { temporaryFolder } from './made-files.ts';

export const command: string = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));

/** Runs `longhand` as a user does. */
export function longhand(...options: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [command, ...options], { encoding: 'utf8' });
}

/** Runs `longhand train` and sends it a signal once it has printed the log's line of `step`. */
export async function stoppedAt(
  step: number,
  signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM',
  ...options: string[]
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [command, 'train', ...options]);
  let [stdout, stderr] = ['', ''];
  let isSent = false; // once: another one may find a process that has said all, and end it as no signal of ours should
  child.stdout.setEncoding('utf8').on('data', text => {
    stdout += text;
    if (isSent || !stdout.includes(`\n${step} acc_train_loss`)) return;
    isSent = true;
    child.kill(signal);
  });
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text;
  });
  const [status] = await once(child, 'close');
  return { status, stdout, stderr };
}

const contents = (folder: string): string[] =>
  ['checkpoint.safetensors', 'log.csv', 'units.png'].map(name => readFileSync(join(folder, name)).toString('base64'));

/**
 * A training that is killed (-9) at random steps and resumed as often, beside one that nobody disturbs.
 *
 * @returns whether they left the same bytes, and how many kills hit before the end
 */
export async function killedAndResumed(
  settings: readonly string[],
  { steps, kills, threads, seed }: { steps: number; kills: number; threads: readonly number[]; seed: number },
): Promise<{ same: boolean; hits: number }> {
  const roll = dice(seed);
  const { folder, remove } = temporaryFolder();
  const [calm, disturbed] = [join(folder, 'calm'), join(folder, 'disturbed')];
  const whole = [...settings, '--quiet', '--steps', `${steps}`];
  const { status, stderr } = longhand('train', ...whole, '--out', calm);
  if (status !== 0) throw new Error(stderr);

  let hits = 0;
  let step = 0;
  let from = ['--out', disturbed];
  const withThreads = (i: number) => (threads.length > 0 ? ['--threads', `${threads[i % threads.length]}`] : []);
  for (let i = 0; i < kills; i++) {
    const every = ['--every', `${1 + roll(9)}`];
    // beyond where the run goes on, and not so far that no steps are left for the kills to come
    const stop = Math.min(steps - 1, step + roll(Math.ceil((1.5 * steps) / kills)));
    const done = await stoppedAt(stop, 'SIGKILL', ...whole, ...every, ...withThreads(i), ...from);
    if (done.status === null) hits++;
    else if (done.status !== 0) throw new Error(done.stderr);
    step = (await readCheckpoint(disturbed)).step;
    from = ['--resume', disturbed];
  }
  const end = longhand('train', '--quiet', ...withThreads(kills), ...from);
  if (end.status !== 0) throw new Error(end.stderr);
  const same = contents(calm).every((bytes, i) => bytes === contents(disturbed)[i]);
  remove();
  return { same, hits };
}
