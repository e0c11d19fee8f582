import { Buffer } from 'node:buffer';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { saveFile } from '../../platform/durable/draft.ts';
import { FileError, reasonOf } from '../../platform/file-error.ts';
import { type ExerciseFile, exerciseFiles, solutionTextOf, stubOf } from '../exercises.ts';
import { Progress } from '../progress.ts';
import type { FunctionName } from '../protocol.ts';
import { keepEditorTypes, tsconfig } from './editor-types.ts';

export const PROGRESS_FILE = 'progress.txt';

const packageJson = `{
  "private": true,
  "type": "module"
}
`;

/** A folder that a learner works in. */
export class PracticeFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Whether a folder is one of these, or was. */
  static isOne(path: string): boolean {
    return existsSync(join(path, PROGRESS_FILE)) || exerciseFiles.every(file => existsSync(join(path, file)));
  }

  /**
   * Makes the folder and puts into it what was never there. Nothing is overwritten but the declarations for the editor,
   * and an exercise's file that a learner took away stays away: {@link reset} brings it back.
   *
   * @returns whether there was no such folder before.
   * @throws FileError where it cannot be written.
   */
  setUp(): boolean {
    return this.#onDisk(this.path, () => {
      if (existsSync(this.path) && !statSync(this.path).isDirectory())
        throw new FileError('written', this.path, 'it is a file, and a folder is wanted');
      const isNew = !PracticeFolder.isOne(this.path);
      mkdirSync(this.path, { recursive: true });
      const putIn = (name: string, text: string) => {
        if (!existsSync(join(this.path, name))) writeFileSync(join(this.path, name), text);
      };
      if (isNew) {
        for (const file of exerciseFiles) putIn(file, stubOf(file));
        this.save(new Progress());
      }
      putIn('package.json', packageJson);
      putIn('tsconfig.json', tsconfig);
      keepEditorTypes(this.path);
      return isNew;
    });
  }

  /** How far the learner is; undefined where that is not written anywhere. */
  progress(): Progress | undefined {
    const path = join(this.path, PROGRESS_FILE);
    return existsSync(path) ? Progress.parse(readFileSync(path, 'utf8')) : undefined;
  }

  save(progress: Progress): void {
    const path = join(this.path, PROGRESS_FILE);
    this.#onDisk(path, () => {
      const text = progress.toString();
      if (!existsSync(path) || readFileSync(path, 'utf8') !== text) saveFile(path, Buffer.from(text));
    });
  }

  /** The text of an exercise's file; undefined where it is not there. */
  textOf(file: ExerciseFile): string | undefined {
    const path = join(this.path, file);
    return existsSync(path) ? this.#onDisk(path, () => readFileSync(path, 'utf8')) : undefined;
  }

  /** Whether a file is as it was handed out. */
  isUntouched(file: ExerciseFile): boolean {
    return this.textOf(file) === stubOf(file);
  }

  /** The name under which {@link reset} keeps what is in a file; undefined where there is none. */
  backupOf(file: ExerciseFile): string | undefined {
    if (!existsSync(join(this.path, file))) return undefined;
    let k = 1;
    while (existsSync(join(this.path, `${file}.${k}.bak`))) k += 1;
    return `${file}.${k}.bak`;
  }

  /** Puts a file back as it was handed out. @returns the name under which what was there is kept. */
  reset(file: ExerciseFile): string | undefined {
    const path = join(this.path, file);
    return this.#onDisk(path, () => {
      const backup = this.backupOf(file);
      if (backup !== undefined) renameSync(path, join(this.path, backup));
      writeFileSync(path, stubOf(file));
      return backup;
    });
  }

  /** Writes the solution of one exercise beside the files, to be compared. @returns its path from the folder. */
  writeSolution(name: FunctionName): string {
    const path = join('solutions', `${name}.ts`);
    return this.#onDisk(join(this.path, path), () => {
      mkdirSync(join(this.path, 'solutions'), { recursive: true });
      writeFileSync(join(this.path, path), solutionTextOf(name));
      return path;
    });
  }

  #onDisk<T>(path: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      if (error instanceof FileError) throw error;
      throw new FileError('written', path, reasonOf(error), { cause: error });
    }
  }
}
