import { saveFile } from '../platform/durable/draft.ts';
import { type FileSystem, nodeFiles, onDisk, quietly, writeAll } from '../platform/durable/file-system.ts';
import type { StepReport } from '../train.ts';
import { inRun, RunError } from './errors.ts';
import { LOG_HEADER, logRow } from './log-rows.ts';

/**
 * `log.csv`: a row a step, at full precision, errors in percent. Rows are written as they come and forced to the disk
 * before each checkpoint, so that a checkpoint always finds the rows before it.
 */
export class RunLog {
  readonly #path: string;
  readonly #files: FileSystem;
  readonly #file: number;

  /**
   * Goes on after the row of the step before `step`: later rows are cut off. `text` is what lies there, undefined
   * where there is no file yet. A new one is on the disk for good before a checkpoint can count on its rows.
   *
   * @throws RunError where rows up to there are missing or are none.
   */
  constructor(path: string, text: string | undefined, step: number, files: FileSystem = nodeFiles) {
    const keep = text === undefined ? LOG_HEADER.length : lengthUpTo(step, text, path);
    this.#path = path;
    this.#files = files;
    if (text === undefined) inRun(() => saveFile(path, new TextEncoder().encode(LOG_HEADER), files));
    this.#file = this.#onDisk(() => files.open(path, 'a'));
    try {
      this.#onDisk(() => files.truncate(this.#file, keep));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  add(report: StepReport): void {
    this.#onDisk(() => writeAll(this.#file, new TextEncoder().encode(logRow(report)), this.#files));
  }

  /** Forces the rows to the disk. */
  sync(): void {
    this.#onDisk(() => this.#files.sync(this.#file));
  }

  close(): void {
    quietly(() => this.#files.close(this.#file)); // what matters was forced to the disk before
  }

  #onDisk<T>(act: () => T): T {
    return inRun(() => onDisk(this.#path, act));
  }
}

/** How many bytes the header and the rows of the steps before `step` take. */
function lengthUpTo(step: number, text: string, path: string): number {
  const refuse = (why: string): never => {
    throw new RunError(`${path}: ${why}. Move it away, and the run goes on with a new one`);
  };
  if (!text.startsWith(LOG_HEADER)) refuse(`does not begin with ${LOG_HEADER.trimEnd()}`);
  let length = LOG_HEADER.length;
  if (text.length === length) return length;
  // the first row tells where it begins: one that was moved away began later
  for (let next = Number.parseInt(text.slice(length), 10) || 0; next < step; next++) {
    const end = text.indexOf('\n', length);
    const row = text.slice(length, end === -1 ? undefined : end);
    if (end === -1 || !new RegExp(`^${next}(,[-+.\\de]+){3}$`).test(row))
      refuse(`the row of step ${next} is missing or damaged, and the checkpoint comes after it`);
    length = end + 1;
  }
  return length;
}
