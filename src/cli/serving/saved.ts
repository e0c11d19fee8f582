import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readFile } from '../../platform/files.ts';
import { encodeCheckpoint } from '../../run/checkpoint.ts';
import { inRun } from '../../run/errors.ts';
import { readCheckpoint } from '../../run/run.ts';
import { MOST_BYTES } from '../../run/safetensors.ts';
import type { Content } from './server.ts';

/** The run that the page is to open. Its files are read when they are asked for: it may be in training meanwhile. */
export class SavedRun {
  readonly #path: string;
  readonly #log: string;

  /** As `longhand predict` takes it: the folder of a run, or its checkpoint. */
  constructor(path: string) {
    this.#path = path;
    this.#log = join(path.endsWith('.safetensors') ? dirname(path) : path, 'log.csv');
  }

  /** What the page is told of it. */
  about(): { name: string; hasLog: boolean } {
    return { name: this.#path, hasLog: existsSync(this.#log) };
  }

  /** Its file at this path, undefined where it has none there. */
  async at(path: string): Promise<Content | undefined> {
    if (path === '/run/checkpoint.safetensors') {
      // read and written again: what is served is a checkpoint, whatever lies there
      const bytes = await encodeCheckpoint(await readCheckpoint(this.#path));
      return { type: 'application/octet-stream', parts: [bytes] };
    }
    if (path !== '/run/log.csv') return undefined;
    const bytes = await inRun(() => readFile(this.#log, MOST_BYTES));
    return bytes && { type: 'text/csv; charset=utf-8', parts: [bytes] };
  }
}
