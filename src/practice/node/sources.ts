import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type ExerciseFile, exerciseFiles } from '../exercises.ts';

/** Larger files are not read: no learner writes one. */
const MOST_BYTES = 1 << 20;

/** Where a file may be imported from: what stands after `from`, where it is a path; types are of no use at run time. */
const imported = /\b(?:import|export)\s+(?!type\s)(?:[^'";]*?\bfrom\s*)?['"](\.[^'"\n]+)['"]/g;
/** The tensor, by where it lies in the house: a learner's code gets it from elsewhere. */
const ofTheHouse = /(^|\/)tensor\/index(\.[jt]s)?$/;

/**
 * The text of files of a folder, and of what they import of the same folder and the folders below it, by their paths
 * from there. What is not there is not in it: whoever asked for it says so.
 */
export function readSources(folder: string, files: readonly string[]): Record<string, string> {
  const sources: Record<string, string> = {};
  const add = (file: string) => {
    if (file in sources) return;
    const text = textOf(join(folder, file));
    if (text === undefined) return;
    sources[file] = text;
    for (const [, path] of text.matchAll(imported)) {
      const target = join(dirname(file), path!).replaceAll('\\', '/');
      if (target.startsWith('..') || ofTheHouse.test(target)) continue;
      const found = [target, `${target}.ts`, target.replace(/\.[cm]?js$/, '.ts')].find(
        name => textOf(join(folder, name)) !== undefined,
      );
      if (found !== undefined) add(found);
    }
  };
  for (const file of files) add(file);
  return sources;
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
