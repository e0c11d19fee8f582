import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { saveFile } from '../src/platform/durable/draft.ts';
import { encodeCheckpoint } from '../src/run/checkpoint.ts';
import { CheckpointError } from '../src/run/errors.ts';
import { readCheckpoint } from '../src/run/run.ts';
import { practicalCheckpoint } from './checkpoints.ts';
import { dice } from './dice.ts';
import { temporaryFolder } from './made-files.ts';

export interface Kills {
  /** Files that could not be read after a kill. */
  broken: number;
  /** Files older than what the killed process had said to have saved. */
  backwards: number;
  /** Temporary files that were found after a kill: so often it hit the middle of a save. */
  stale: number;
  /** Saves in all. */
  steps: number;
}

/** Kills (-9) processes that save checkpoints of 477 kB without a pause, two at a time, at random moments, over and over. */
export async function killsDuringSaves(how: 'saveFile' | 'inPlace', count: number, seed: number): Promise<Kills> {
  const [one, other] = await Promise.all([0, 1].map(k => killsInAFolder(how, count / 2, 2 * seed + k)));
  const sum = (name: keyof Kills) => one![name] + other![name];
  return { broken: sum('broken'), backwards: sum('backwards'), stale: sum('stale'), steps: sum('steps') };
}

async function killsInAFolder(how: 'saveFile' | 'inPlace', count: number, seed: number): Promise<Kills> {
  const roll = dice(seed);
  const { folder, remove } = temporaryFolder();
  const path = join(folder, 'checkpoint.safetensors');
  const kills: Kills = { broken: 0, backwards: 0, stale: 0, steps: 0 };
  let step = 0;
  saveFile(path, await encodeCheckpoint(practicalCheckpoint(step, 150)));
  const script = fileURLToPath(new URL('saver.mjs', import.meta.url));
  for (let i = 0; i < count; i++) {
    const child = spawn(process.execPath, [script, folder, how], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', text => {
      said += text;
    });
    const ended = once(child, 'close');
    await Promise.race([once(child.stdout, 'data'), ended]);
    await wait(roll(40));
    child.kill('SIGKILL');
    await ended;
    const last = Number(said.trimEnd().split('\n').at(-1));
    if (!(last > step)) throw new Error(`the process saved nothing: it said ${JSON.stringify(said)}`);
    kills.stale += readdirSync(folder).filter(name => name.endsWith('.tmp')).length;
    try {
      step = (await readCheckpoint(folder)).step;
      if (step < last) kills.backwards++;
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      kills.broken++;
      step = last;
      saveFile(path, await encodeCheckpoint(practicalCheckpoint(step, 150)));
    }
  }
  kills.steps = step;
  remove();
  return kills;
}
