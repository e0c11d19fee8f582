import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sha256 } from '#platform';
import { type Answers, answersOfFunctions } from '../engine/self-check.ts';
import { nodeFiles, onDisk, quietly, writeAll } from '../platform/durable/file-system.ts';
import { makeFolder } from '../platform/durable/folders.ts';
import { HeldError, lock } from '../platform/durable/lock.ts';
import * as ours from '../practical.ts';
import type { Settings } from '../settings/table.ts';
import { LonghandError } from '../tensor/index.ts';
import { measures, type Outcome } from './curve.ts';

/**
 * What tells a run from all others: everything that it is a function of. The six functions are among it where they are
 * what trains, since they are there to be edited.
 */
export async function keyOf(settings: Settings, dataDigest: string): Promise<string> {
  if (settings.engine !== 'wasm') answers ??= answersOfFunctions(ours);
  const functions = settings.engine === 'wasm' ? undefined : await answers;
  return sha256(new TextEncoder().encode(JSON.stringify([settings, dataDigest, functions])));
}

let answers: Promise<Answers> | undefined;

/**
 * What a sweep has come to, in a folder: a line of JSON for each run, added as soon as it is done. Whenever the process
 * dies, what is done is kept; a line that was cut is left out. Those who share the work each write a file of their own
 * there, and read them all.
 */
export class Record {
  readonly #folder: string;
  readonly #path: string;
  readonly #file: number;
  readonly #lock: { release(): void };

  /**
   * Opens the record of a folder, or begins one. Its file is called `name`: `results`, `results-1-of-3`.
   *
   * @throws LonghandError where another process sweeps there, FileError where nothing can be written.
   */
  static async open(folder: string, name: string): Promise<Record> {
    makeFolder(folder);
    try {
      return new Record(folder, join(folder, `${name}.jsonl`), await lock(folder, nodeFiles, `${name}.lock`));
    } catch (cause) {
      if (!(cause instanceof HeldError)) throw cause;
      const { owner, claim } = cause;
      throw new LonghandError(
        `sweep: process ${owner.pid} on ${owner.host} is sweeping into ${folder}. Wait for it, or choose another --out; ` +
          `if it runs no more, remove ${claim}`,
        { cause },
      );
    }
  }

  private constructor(folder: string, path: string, held: { release(): void }) {
    this.#folder = folder;
    this.#path = path;
    this.#lock = held;
    try {
      this.#file = onDisk(path, () => nodeFiles.open(path, 'a'));
      if (isCut(path)) this.#write('\n'); // what is added comes behind what was cut, not into it
    } catch (error) {
      held.release();
      throw error;
    }
  }

  /** Reads what is there, a run at a time: there may be thousands, of thousands of steps. */
  async *outcomes(): AsyncGenerator<{ readonly key: string; readonly outcome: Outcome }> {
    const names = onDisk(this.#folder, () => nodeFiles.readdir(this.#folder));
    for (const name of names.filter(name => /^results.*\.jsonl$/.test(name)).sort()) {
      for await (const line of createInterface({ input: createReadStream(join(this.#folder, name)) })) {
        const read = readLine(line);
        if (read !== undefined) yield read;
      }
    }
  }

  add(key: string, settings: Settings, { curve, diverged }: Outcome): void {
    this.#write(`${JSON.stringify({ key, settings, diverged, ...curve })}\n`);
  }

  #write(text: string): void {
    onDisk(this.#path, () => writeAll(this.#file, new TextEncoder().encode(text), nodeFiles));
  }

  close(): void {
    quietly(() => nodeFiles.close(this.#file));
    this.#lock.release();
  }
}

/** Whether a file ends in the middle of a line. */
function isCut(path: string): boolean {
  return onDisk(path, () => {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const last = new Uint8Array(1);
      return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== '\n'.charCodeAt(0);
    } finally {
      closeSync(file);
    }
  });
}

/** Undefined where it is none: then the run is trained again. */
function readLine(text: string): { key: string; outcome: Outcome } | undefined {
  try {
    const { key, settings, diverged, ...curve } = JSON.parse(text);
    const steps = curve.loss.length;
    const isWhole = measures.every(measure => curve[measure].length === steps && curve[measure].every(Number.isFinite));
    const isDone = typeof diverged === 'string' || (diverged === undefined && steps === settings.steps);
    return typeof key === 'string' && isWhole && isDone ? { key, outcome: { curve, diverged } } : undefined;
  } catch {
    return undefined;
  }
}
