import { randomInt } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { onDisk } from '../../../platform/durable/file-system.ts';
import { makeFolder } from '../../../platform/durable/folders.ts';
import { LonghandError } from '../../../tensor/index.ts';
import type { Graded } from '../../grade/graded.ts';
import type { Isolation } from './sandbox.ts';

/** A part of the work, for machines that share it: the first of five is { shard: 1, of: 5 }. */
export interface Shard {
  readonly shard: number;
  readonly of: number;
}

/** How a line of the record looks: one result, and what it was reached with. */
interface Line {
  readonly key: string;
  readonly isolation: Isolation;
  readonly graded: Graded;
}

const SEED = 'seed.json';
export const MOST_SEED: number = 2 ** 31 - 1;

/**
 * What a grading has come to, in a folder: the seed, and a line for each result, added as soon as it is there. Whenever
 * the process dies, what is done is kept; a line that was cut is left out.
 */
export class Record {
  readonly seed: number;
  readonly #folder: string;
  readonly #file: string;
  readonly #lines = new Map<string, Line>();

  /**
   * Opens the record of a folder, or begins one: with this seed, or one that nobody knows.
   *
   * @throws LonghandError where it was begun with another seed, FileError where it cannot be written.
   */
  constructor(folder: string, seed?: number, shard?: Shard) {
    this.#folder = folder;
    makeFolder(folder);
    this.seed = seedOf(join(folder, SEED), seed ?? randomInt(MOST_SEED + 1));
    if (seed !== undefined && seed !== this.seed)
      throw new LonghandError(
        `grade: '${folder}' holds a grading with the seed ${this.seed}, not ${seed}: leave --seed out, or name another --out`,
      );
    this.#file = join(folder, shard === undefined ? 'results.jsonl' : `results-${shard.shard}-of-${shard.of}.jsonl`);
    this.#readAll();
  }

  has(key: string): boolean {
    return this.#lines.has(key);
  }

  of(key: string): { readonly graded: Graded; readonly isolation: Isolation } | undefined {
    return this.#lines.get(key);
  }

  add(key: string, graded: Graded, isolation: Isolation): void {
    const line: Line = { key, isolation, graded };
    onDisk(this.#file, () => appendFileSync(this.#file, `${JSON.stringify(line)}\n`));
    this.#lines.set(key, line);
  }

  #readAll(): void {
    onDisk(this.#folder, () => {
      for (const name of readdirSync(this.#folder)) {
        if (!/^results.*\.jsonl$/.test(name)) continue;
        const path = join(this.#folder, name);
        const text = readFileSync(path, 'utf8');
        const end = text.lastIndexOf('\n') + 1;
        // what was cut off by an end of the machine is taken away before something is added behind it
        if (path === this.#file && end < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, end)));
        for (const line of text.slice(0, end).split('\n')) this.#read(line);
      }
    });
  }

  #read(text: string): void {
    if (text === '') return;
    try {
      const line = JSON.parse(text) as Line;
      if (typeof line.key === 'string' && typeof line.graded === 'object') this.#lines.set(line.key, line);
    } catch {
      // graded again
    }
  }
}

/** The seed in a file; where there is none yet, this one, whichever of several processes comes first. */
function seedOf(file: string, wish: number): number {
  return onDisk(file, () => {
    if (!existsSync(file)) {
      const draft = `${file}.${randomInt(MOST_SEED)}.tmp`;
      writeFileSync(draft, `${JSON.stringify({ seed: wish })}\n`, { flag: 'wx' });
      try {
        linkSync(draft, file); // as a whole, or not at all where somebody was faster
      } catch {
        if (!existsSync(file)) copyFileSync(draft, file); // a file system without hard links
      } finally {
        unlinkSync(draft);
      }
    }
    const seed: unknown = JSON.parse(readFileSync(file, 'utf8')).seed;
    if (!Number.isInteger(seed)) throw new LonghandError(`grade: '${file}' holds no seed: name another --out`);
    return seed as number;
  });
}
