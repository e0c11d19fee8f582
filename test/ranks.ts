import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dice } from './dice.ts';
import { type Ended, type Launcher, start } from './mpi.ts';
import { longhand } from './resumes.ts';

/** All that a run leaves in its folder. */
export function left(run: string): string[] {
  return ['checkpoint.safetensors', 'log.csv', 'units.png'].map(file => readFileSync(join(run, file), 'base64'));
}

/** Waits until the processes that a launcher has killed are gone, and hold on to the folder of a run no more. */
async function released(out: string): Promise<void> {
  const holders = existsSync(out) ? readdirSync(out).flatMap(name => /^lock\.(\d+)@/.exec(name)?.[1] ?? []) : [];
  while (holders.some(pid => existsSync(`/proc/${pid}`))) await sleep(20);
}

/** Goes on with a run in one process. */
export async function goneOn(out: string): Promise<Ended> {
  await released(out);
  return longhand('train', '--quiet', '--resume', out);
}

/** What may befall a rank. */
export type Fault = 'SIGKILL' | 'SIGSTOP' | 'SIGTERM' | 'exit';

/** Trains as several ranks, to one of which something happens once the log has come to a step. Says how long it then took. */
export async function struck(
  launcher: Launcher,
  { ranks, rank, fault, step, folder }: { ranks: number; rank: number; fault: Fault; step: number; folder: string },
  args: readonly string[],
): Promise<Ended & { readonly seconds: number }> {
  const file = join(folder, 'fault');
  rmSync(file, { force: true });
  const run = start(launcher, ranks, args, {
    NODE_OPTIONS: `--import ${new URL('fault.mjs', import.meta.url)}`, // as a URL, in which no folder's name has a space
    FAULT_FILE: file,
  });
  await run.reached(step);
  writeFileSync(`${file}.new`, `${rank} ${fault}`);
  renameSync(`${file}.new`, file);
  const from = performance.now();
  const ended = await run.ended;
  return { ...ended, seconds: (performance.now() - from) / 1000 };
}

/**
 * A training of which a random rank is killed (-9) at a random step, over and over, each time going on with another
 * number of ranks. Answers what the kills ended with, each run but the last.
 */
export async function killedOverAndOver(
  launcher: Launcher,
  settings: readonly string[],
  {
    kills,
    steps,
    seed,
    counts,
    out,
    folder,
  }: { kills: number; steps: number; seed: number; counts: readonly number[]; out: string; folder: string },
): Promise<(Ended & { readonly rank: number; readonly seconds: number })[]> {
  const roll = dice(seed);
  const ended = [];
  const whole = [...settings, '--steps', `${steps}`, '--every', '3'];
  for (let i = 0; i < kills; i++) {
    const from = existsSync(join(out, 'checkpoint.safetensors')) ? ['--resume', out] : ['--out', out];
    await released(out);
    const ranks = counts[i % counts.length]!;
    const rank = roll(ranks);
    // each run is killed a little further on
    const step = Math.floor((steps * 0.9 * i) / kills) + roll(Math.ceil((steps * 0.9) / kills));
    ended.push({
      rank,
      ...(await struck(launcher, { ranks, rank, fault: 'SIGKILL', step, folder }, [...whole, ...from])),
    });
  }
  const last = await goneOn(out);
  if (last.status !== 0) throw new Error(last.stderr);
  return ended;
}
