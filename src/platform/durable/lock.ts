import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type FileSystem, nodeFiles, onDisk, quietly } from './file-system.ts';
import { giveUp, isInUse, newMark, type Owner, ownerOf } from './mark.ts';

/** Thrown where a folder is held by another process, or by another thread of this one. */
export class HeldError extends Error {
  override name = 'HeldError';
  readonly owner: Owner;
  /** The file that says so. */
  readonly claim: string;

  constructor(owner: Owner, claim: string) {
    super(`${claim}: process ${owner.pid} on ${owner.host} holds this folder`);
    this.owner = owner;
    this.claim = claim;
  }
}

/**
 * Keeps other processes out of a folder, as far as they ask, until `release`. Where several may work there, each at
 * something else, `name` says at what.
 *
 * Each process lays down a claim, a file that bears its mark, and then looks whose claims lie there. Who finds a
 * living other one withdraws; of two who come at once at least one sees the other, so that there is never more than
 * one left. Claims of the dead are cleared away: their names are their own, so no living one is hit by mistake.
 *
 * @throws HeldError where another process was faster, FileError where the folder cannot be written.
 */
export async function lock(folder: string, files: FileSystem = nodeFiles, name = 'lock'): Promise<{ release(): void }> {
  const mark = newMark();
  const claim = `${name}.${mark}`;
  const path = join(folder, claim);
  try {
    for (let attempt = 0; ; attempt++) {
      let other: string | undefined;
      onDisk(path, () => {
        const file = files.open(path, 'wx');
        try {
          files.close(file);
          other = files.readdir(folder).find(entry => entry !== claim && isHeld(folder, name, entry, files));
        } catch (error) {
          quietly(() => files.unlink(path));
          throw error;
        }
      });
      if (other === undefined) break;
      onDisk(path, () => files.unlink(path));
      if (attempt === 4) throw new HeldError(ownerOf(markOf(name, other)!)!, join(folder, other));
      await wait(randomInt(10, 50)); // both may have withdrawn
    }
  } catch (error) {
    giveUp(mark);
    throw error;
  }
  return {
    release() {
      giveUp(mark);
      quietly(() => files.unlink(path)); // what stays is the claim of a dead process soon
    },
  };
}

/** The mark of a claim, undefined where this is none. */
function markOf(name: string, entry: string): string | undefined {
  const mark = entry.startsWith(`${name}.`) ? entry.slice(`${name}.`.length) : '';
  return ownerOf(mark) && mark;
}

/** Whether this is the claim of a living process, or of one of which nobody here can tell. That of a dead one is removed. */
function isHeld(folder: string, name: string, entry: string, files: FileSystem): boolean {
  const mark = markOf(name, entry);
  if (mark === undefined) return false;
  if (isInUse(mark) ?? true) return true;
  quietly(() => files.unlink(join(folder, entry))); // somebody else may have been faster
  return false;
}
