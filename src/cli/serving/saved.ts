import { basename, dirname, join } from 'node:path';
import { readFile } from '../../platform/files.ts';
import { encodeCheckpoint } from '../../run/checkpoint.ts';
import { inRun } from '../../run/errors.ts';
import { readCheckpoint } from '../../run/run.ts';
import { MOST_BYTES } from '../../run/safetensors.ts';
import type { Content } from './server.ts';

/** The files of a run, at `/run/…`, as they are when they are asked for: it may be in training meanwhile. */
export function savedRun(path: string): Readonly<Record<string, () => Promise<Content | undefined>>> {
  const log = join(basename(path).endsWith('.safetensors') ? dirname(path) : path, 'log.csv');
  return {
    '/run/checkpoint.safetensors': async () => {
      // read and written again: what is served is a checkpoint, whatever lies there
      const bytes = await encodeCheckpoint(await readCheckpoint(path));
      return { type: 'application/octet-stream', parts: [bytes] };
    },
    '/run/log.csv': async () => {
      const bytes = await inRun(() => readFile(log, MOST_BYTES));
      return bytes && { type: 'text/csv; charset=utf-8', parts: [bytes] };
    },
  };
}
