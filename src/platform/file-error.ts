/** What was to be done with a file. */
export type FileOperation = 'read' | 'written' | 'fetched';

/** What may lie in the place of a file, and can never be the one that was wanted. */
export type Misfit = 'a folder' | 'a pipe' | 'a device' | 'a circle of links' | 'too long a file';

/**
 * A file or a folder cannot be read, written or fetched. This folder knows nobody: whoever calls it makes this an error
 * of its own, of a data set or of a run.
 */
export class FileError extends Error {
  override name = 'FileError';
  readonly operation: FileOperation;
  readonly path: string;
  /** Why it failed, in words. */
  readonly reason: string;
  /** What was found there, where that alone is what is wrong. */
  readonly found: Misfit | undefined;

  constructor(
    operation: FileOperation,
    path: string,
    reason: string,
    { cause, found }: { cause?: unknown; found?: Misfit } = {},
  ) {
    const told = found === undefined || found === 'a circle of links' ? `cannot be ${operation}: ${reason}` : reason;
    super(`${path}: ${told}`, cause === undefined ? {} : { cause });
    this.operation = operation;
    this.path = path;
    this.reason = reason;
    this.found = found;
  }
}

const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EBUSY: 'another program holds it',
  ELOOP: 'its symbolic links go round in a circle',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than is allowed here',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such folder',
  ENAMETOOLONG: 'its name is too long',
  ENOTDIR: 'a file stands where a folder was wanted',
  EEXIST: 'a file stands where a folder was wanted',
  EISDIR: 'a folder stands where a file was wanted',
};

/** Why an operation on a file failed, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return (code && REASONS[code]) || message;
}
