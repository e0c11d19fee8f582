import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ExerciseFile, exerciseFiles } from '../exercises.ts';
import { withImports } from '../imports.ts';

/** Larger files are not read: no learner writes one. */
const MOST_BYTES = 1 << 20;

/**
 * The text of files of a folder, and of what they import of the same folder and the folders below it, by their paths
 * from there. What is not there is not in it: whoever asked for it says so.
 */
export function readSources(folder: string, files: readonly string[]): Record<string, string> {
  return withImports(files, file => textOf(join(folder, file)));
}

/** What is to be checked, as a path names it: such a folder, or one file. */
export interface Submission {
  /** By their paths from the folder that was named, or that the named file lies in. */
  readonly sources: Readonly<Record<string, string>>;
  /** Of the four files of such a folder, those that are not there: they count as empty. */
  readonly missing: readonly ExerciseFile[];
}

/** Reads what a path names; a text says why there is nothing to check. */
export function readSubmission(path: string): Submission | string {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch {
    return `there is no '${path}'`;
  }
  if (!isFolder) {
    const sources = readSources(dirname(path), [basename(path)]);
    return basename(path) in sources ? { sources, missing: [] } : `'${path}' cannot be read as a text`;
  }
  const sources = readSources(path, exerciseFiles);
  const missing = exerciseFiles.filter(file => !(file in sources));
  if (missing.length === exerciseFiles.length) {
    return `'${path}' has none of ${exerciseFiles.join(', ')}; \`longhand learn\` makes such a folder`;
  }
  for (const file of missing) sources[file] = '';
  return { sources, missing };
}

function textOf(path: string): string | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > MOST_BYTES) return undefined;
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}
