import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { threadId } from 'node:worker_threads';

/** Whose a file is: what its mark says. */
export interface Owner {
  readonly pid: number;
  /** The thread of that process, 0 for the first. */
  readonly thread: number;
  readonly host: string;
}

export const thisHost: string = hostname().replace(/[^\w.-]/g, '_');

/** The marks of this thread that are in use. */
const inUse = new Set<string>();

/** A mark is `NUMBER@HOST.RANDOM`, the number of a process; another thread than its first says which: `NUMBER.THREAD@…`. */
const MARK = /^(\d{1,10})(?:\.(\d+))?@([\w.-]*)\.[\da-f]{16}$/;

/** A mark for the name of a file: no other has it, and everybody can tell whose it is, and whether that one lives. */
export function newMark(): string {
  const number = threadId === 0 ? process.pid : `${process.pid}.${threadId}`;
  const mark = `${number}@${thisHost}.${randomBytes(8).toString('hex')}`;
  inUse.add(mark);
  return mark;
}

/** The file is gone, or is about to be: whatever still bears the mark belongs to nobody. */
export function giveUp(mark: string): void {
  inUse.delete(mark);
}

/** Whose mark it is; undefined where it is none. */
export function ownerOf(mark: string): Owner | undefined {
  const [, pid, thread = '0', host] = MARK.exec(mark) ?? [];
  return host === undefined ? undefined : { pid: Number(pid), thread: Number(thread), host };
}

/** Whether whoever made the mark still uses it; undefined where nobody here can tell, since it was another machine. */
export function isInUse(mark: string): boolean | undefined {
  const owner = ownerOf(mark);
  if (owner === undefined) return false;
  if (owner.host !== thisHost) return undefined;
  // one of this thread that it does not know is that of a process long dead, which had the same number
  if (owner.pid === process.pid && owner.thread === threadId) return inUse.has(mark);
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'; // it may live and be another user's
  }
}
