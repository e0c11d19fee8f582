import { dirname, join } from 'node:path';
import { readSubmission } from '../practice/node/sources.ts';
import type { Sources, Transformed } from '../practice/protocol.ts';
import { transform } from '../practice/transform.ts';
import { LonghandError } from '../tensor/index.ts';

/** Somebody's functions, read and ready to be run. */
export interface Submitted {
  readonly sources: Sources;
  readonly transformed: Transformed;
  /** One of the files as it is to be found from here. */
  readonly shownFile: (file: string) => string;
}

/**
 * What a path names: a folder of `longhand learn`, or a file. A text says why there is nothing.
 *
 * @throws LonghandError where a file does not compile, with its line.
 */
export function submitted(path: string, operation: string): Submitted | string {
  const submission = readSubmission(path);
  if (typeof submission === 'string') return submission;
  const { sources } = submission;
  const isFile = Object.keys(sources).some(file => join(dirname(path), file) === join(path));
  const folder = isFile ? dirname(path) : path;
  return ready(sources, file => join(folder, file), operation);
}

/** @throws LonghandError where a file does not compile, with its line. */
export function ready(sources: Sources, shownFile: (file: string) => string, operation: string): Submitted {
  const transformed = transform(sources);
  if (!Array.isArray(transformed)) return { sources, transformed, shownFile };
  const [{ file, line, says }] = transformed as [(typeof transformed)[number]];
  throw new LonghandError(`${operation}: ${shownFile(file)}:${line}: ${says}`);
}
