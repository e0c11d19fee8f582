import { type FileSystem, nodeFiles } from '../platform/durable/file-system.ts';
import { HeldError, lock as lockFolder } from '../platform/durable/lock.ts';
import { thisHost } from '../platform/durable/mark.ts';
import { inRun, RunError } from './errors.ts';

/**
 * Keeps other processes from training into the same folder, until `release`.
 *
 * @throws RunError where another process trains there, or the folder cannot be written.
 */
export async function lock(folder: string, files: FileSystem = nodeFiles): Promise<{ release(): void }> {
  try {
    return await inRun(() => lockFolder(folder, files));
  } catch (error) {
    if (!(error instanceof HeldError)) throw error;
    const { pid, host } = error.owner;
    const which = host === thisHost ? `process ${pid}` : `process ${pid} on ${host}`;
    throw new RunError(
      `${folder}: ${which} is training into it. Wait for it, or choose another folder; ` +
        `if it runs no more, remove ${error.claim}`,
      { cause: error },
    );
  }
}
