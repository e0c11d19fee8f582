import { basename, dirname, join } from 'node:path';
import { encodePng } from '../picture/png.ts';
import { unitsPicture } from '../picture/units.ts';
import { saveFile, sweep } from '../platform/durable/draft.ts';
import { type FileSystem, nodeFiles, onDisk } from '../platform/durable/file-system.ts';
import { makeFolder, removeEmpty } from '../platform/durable/folders.ts';
import { readFile, readStart } from '../platform/files.ts';
import type { TrainedNetwork } from '../problem.ts';
import type { StepReport } from '../train.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, loadNetwork } from './checkpoint.ts';
import { inRun, RunError } from './errors.ts';
import { lock } from './lock.ts';
import { RunLog } from './log.ts';
import { checkForm, MOST_BYTES, MOST_HEADER } from './safetensors.ts';

const CHECKPOINT = 'checkpoint.safetensors';
const LOG = 'log.csv';
const PICTURE = 'units.png';
/** What belongs to a run, in its folder. */
export const runFiles: readonly string[] = [CHECKPOINT, LOG, PICTURE];

/** The checkpoint of a run: of its folder, or of the file itself. */
export function readCheckpoint(path: string): Promise<Checkpoint> {
  return readRun(path, decodeCheckpoint);
}

/** The network of a run, or of a file that `saveNetwork` made. */
export function readNetwork(path: string): Promise<TrainedNetwork> {
  return readRun(path, loadNetwork);
}

async function readRun<T>(path: string, decode: (bytes: Uint8Array, file: string) => Promise<T>): Promise<T> {
  const file = path.endsWith('.safetensors') ? path : join(path, CHECKPOINT);
  // its beginning first: not every file of this name is worth the memory
  const start = await inRun(() => readStart(file, 8 + MOST_HEADER));
  if (start !== undefined) checkForm(start.bytes, start.size, file);
  const bytes = start && (await inRun(() => readFile(file, MOST_BYTES)));
  if (bytes === undefined)
    throw new RunError(`${file}: there is no such file. \`longhand train --out DIR\` trains and saves a run`);
  return decode(bytes, file);
}

/**
 * The folder of a run, which this process alone writes into: the checkpoint, the log of all steps up to it, and a
 * picture of the hidden units. The checkpoint decides: the log is forced to the disk before it, and what the log holds
 * beyond it is cut off when the run goes on.
 */
export class RunFolder {
  readonly folder: string;
  readonly #files: FileSystem;
  readonly #lock: { release(): void };
  /** The folders that were made for it, the innermost first. */
  readonly #made: readonly string[];
  #log: RunLog | undefined;

  private constructor(folder: string, held: { release(): void }, files: FileSystem, made: readonly string[] = []) {
    this.folder = folder;
    this.#lock = held;
    this.#files = files;
    this.#made = made;
  }

  /**
   * A folder for a new run, made if need be.
   *
   * @throws RunError where it cannot be written, is in use, or holds a run: that is never written over.
   */
  static async create(folder: string, files: FileSystem = nodeFiles): Promise<RunFolder> {
    const made = inRun(() => makeFolder(folder, files));
    const held = await lock(folder, files).catch(error => {
      removeEmpty(made, files);
      throw error;
    });
    const run = new RunFolder(folder, held, files, made);
    try {
      inRun(() => sweep(folder, runFiles, files));
      const there = inRun(() => onDisk(folder, () => files.readdir(folder))).find(entry => runFiles.includes(entry));
      if (there === CHECKPOINT)
        throw new RunError(`${folder}: holds a run already. \`--resume ${folder}\` goes on with it; or choose another`);
      if (there !== undefined)
        throw new RunError(`${folder}: holds a ${there} already. Move it away, or choose another`);
      return run;
    } catch (error) {
      run.close();
      throw error;
    }
  }

  /**
   * The folder of a run that goes on, or the checkpoint in it, and where it was.
   *
   * @throws RunError where it is in use or none, CheckpointError where its checkpoint is damaged.
   */
  static async resume(
    path: string,
    files: FileSystem = nodeFiles,
  ): Promise<{ run: RunFolder; checkpoint: Checkpoint }> {
    const folder = basename(path) === CHECKPOINT ? dirname(path) : path;
    await readCheckpoint(folder); // before anything is written there
    const run = new RunFolder(folder, await lock(folder, files), files);
    try {
      const checkpoint = await readCheckpoint(folder); // another process may have gone on in between
      inRun(() => sweep(folder, runFiles, files));
      return { run, checkpoint };
    } catch (error) {
      run.close();
      throw error;
    }
  }

  /** Opens the log at the checkpoint that the run starts from, and cuts off what lies beyond. A new run is saved. */
  async start(checkpoint: Checkpoint): Promise<void> {
    if (checkpoint.step === 0) await this.#saveCheckpoint(checkpoint); // a run can be resumed from its first moment on
    const path = join(this.folder, LOG);
    const bytes = await inRun(() => readFile(path, MOST_BYTES));
    const text = bytes && new TextDecoder().decode(bytes);
    this.#log = new RunLog(path, text, checkpoint.step, this.#files);
  }

  /** Adds a row to the log. */
  add(report: StepReport): void {
    this.#log?.add(report);
  }

  /** Saves log, checkpoint and picture, in this order. */
  async save(checkpoint: Checkpoint): Promise<void> {
    this.#log?.sync();
    await this.#saveCheckpoint(checkpoint);
    const picture = unitsPicture(checkpoint.parameters.w1, checkpoint.inputShape);
    inRun(() => saveFile(join(this.folder, PICTURE), encodePng(picture), this.#files));
  }

  async #saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    const bytes = await encodeCheckpoint(checkpoint);
    inRun(() => saveFile(join(this.folder, CHECKPOINT), bytes, this.#files));
  }

  /** Lets others write into the folder. If nothing was saved, no empty folders are left behind. */
  close(): void {
    this.#log?.close();
    this.#log = undefined;
    this.#lock.release();
    removeEmpty(this.#made, this.#files);
  }
}
