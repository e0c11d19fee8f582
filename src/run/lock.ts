import { randomBytes, randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RunError } from './errors.ts';
import { type FileSystem, nodeFiles, onDisk, quietly } from './save.ts';

/**
 * Keeps other processes from training into the same folder, until `release`.
 *
 * Each process lays down a claim, a file that bears its number, and then looks whose claims lie there. Who finds a
 * living other one withdraws; of two who come at once at least one sees the other, so that there is never more than
 * one left. Claims of the dead are cleared away: their names are their own, so no living one is hit by mistake.
 *
 * @throws RunError where another process trains there, or the folder cannot be written.
 */
export async function lock(folder: string, files: FileSystem = nodeFiles): Promise<{ release(): void }> {
  const claim = `lock.${process.pid}@${host}.${randomBytes(8).toString('hex')}`;
  const path = join(folder, claim);
  for (let attempt = 0; ; attempt++) {
    let other: string | undefined;
    onDisk(path, () => {
      const file = files.open(path, 'wx');
      try {
        files.close(file);
        other = files.readdir(folder).find(entry => entry !== claim && isHeld(folder, entry, files));
      } catch (error) {
        quietly(() => files.unlink(path));
        throw error;
      }
    });
    if (other === undefined) break;
    onDisk(path, () => files.unlink(path));
    if (attempt === 4) throw new RunError(`${folder}: ${describe(folder, other)}`);
    await wait(randomInt(10, 50)); // both may have withdrawn
  }
  held.add(claim);
  return {
    release() {
      held.delete(claim);
      quietly(() => files.unlink(path)); // what stays is the claim of a dead process soon
    },
  };
}

const host = hostname().replace(/[^\w.-]/g, '_');

/** The claims of this process. Another one with its number is that of a process long dead. */
const held = new Set<string>();

function parse(entry: string): { pid: number; at: string } | undefined {
  const [, pid, at] = /^lock\.(\d{1,10})@([\w.-]*)\.[\da-f]{16}$/.exec(entry) ?? [];
  return pid === undefined || at === undefined ? undefined : { pid: Number(pid), at };
}

/** Whether this is the claim of a living process. That of a dead one is removed. */
function isHeld(folder: string, entry: string, files: FileSystem): boolean {
  const claim = parse(entry);
  if (claim === undefined) return false;
  if (claim.at !== host) return true; // nobody here can tell
  if (claim.pid === process.pid ? held.has(entry) : isAlive(claim.pid)) return true;
  quietly(() => files.unlink(join(folder, entry))); // somebody else may have been faster
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function describe(folder: string, entry: string): string {
  const { pid, at } = parse(entry)!;
  const which = at === host ? `process ${pid}` : `process ${pid} on ${at}`;
  return `${which} is training into it. Wait for it, or choose another folder; if it runs no more, remove ${join(folder, entry)}`;
}
