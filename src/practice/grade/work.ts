import { exerciseFiles } from '../exercises.ts';
import type { FunctionName, Sources } from '../protocol.ts';
import { functionNames, namesOf } from '../source/functions.ts';
import { fileAt, pathFrom } from '../source/paths.ts';
import { transform } from '../transform.ts';

/** The six functions; the training is a file beside them, or an export of the same one. */
const six = functionNames.filter(name => name !== 'train');

/** Where a file imports from, where that is a path. */
const imported = /\b(?:import|export)\b[^'";]{0,2000}?['"](\.[^'"\n]{1,200})['"]/g;

/**
 * Of all the files that somebody handed in, those that are to be judged, by their paths from the folder of the main one;
 * a text says why there are none. A folder that `learn` made, `practical.ts`, or the only file that exports the six.
 */
export function workIn(files: Sources): Sources | string {
  const isSource = (ending: RegExp) =>
    Object.keys(files).filter(path => ending.test(path) && !/\.d\.[cm]?ts$/.test(path));
  const typed = isSource(/\.[cm]?ts$/);
  const paths = (typed.length > 0 ? typed : isSource(/\.[cm]?js$/)).sort(
    (a, b) => depth(a) - depth(b) || (a < b ? -1 : 1),
  );
  if (paths.length === 0) return 'there is no TypeScript file in it';

  const folders = [...new Set(paths.map(folderOf))];
  const learners = folders.filter(
    folder => exerciseFiles.slice(0, 3).filter(file => folder + file in files).length > 1,
  );
  if (learners.length === 1) return asLearned(files, learners[0]!);
  if (learners.length > 1) return `there are several folders of exercises in it: ${list(learners)}`;

  const exported = new Map(paths.map(path => [path, exportsOf(path, files)]));
  const all = paths.filter(path => exported.get(path)!.size === six.length);
  const named = paths.filter(path => /(^|\/)practical\.[cm]?[jt]s$/.test(path) && exported.get(path)!.size > 0);
  if (named.length > 0 && (named.length === 1 || depth(named[0]!) < depth(named[1]!)))
    return reachedFrom(named[0]!, files);
  if (all.length === 1) return reachedFrom(all[0]!, files);
  if (all.length > 1) return `several files export the six functions, and none is practical.ts: ${list(all)}`;
  const some = paths.filter(path => exported.get(path)!.size > 0);
  if (some.length === 0)
    return importsFromOutside(paths, files) ?? `no file in it exports one of the six functions (${six.join(', ')})`;
  return Object.fromEntries(some.flatMap(path => Object.entries(closureOf(path, files))));
}

/** A folder that `learn` made: what is not there counts as not yet written. */
function asLearned(files: Sources, folder: string): Sources {
  const there = exerciseFiles.filter(file => folder + file in files);
  const reached = Object.assign({}, ...there.map(file => reachedFrom(folder + file, files)));
  return { ...Object.fromEntries(exerciseFiles.map(file => [file, ''])), ...reached };
}

/** Which of the six a file exports, as far as it can be read. */
function exportsOf(path: string, files: Sources): ReadonlySet<FunctionName> {
  const made = transform(closureOf(path, files));
  if (!Array.isArray(made)) return new Set(six.filter(name => made.functions[name]?.exportedFrom === path));
  const text = files[path]!;
  return new Set(
    six.filter(name => namesOf[name].some(word => new RegExp(`\\bexport\\b[^;\n]{0,200}\\b${word}\\b`).test(text))),
  );
}

/** A path may be as long as somebody likes. */
const MOST_SAID = 300;

/** That somebody's functions, if they are any, are not in what was handed in. */
function importsFromOutside(paths: readonly string[], files: Sources): string | undefined {
  for (const path of paths) {
    const made = transform(closureOf(path, files));
    const error = Array.isArray(made) ? made.find(({ kind }) => kind === 'import') : undefined;
    if (error === undefined) continue;
    const { file, line, says } = error;
    const where = `${file}:${line}: ${says.slice(0, MOST_SAID)}`;
    return `it exports none of the six functions of its own, and imports or re-exports what is not in it: ${where}`;
  }
  return undefined;
}

/** A file and what it imports of the others, by their paths from its folder where all of them lie there. */
function reachedFrom(main: string, files: Sources): Sources {
  const reached = closureOf(main, files);
  const folder = folderOf(main);
  if (!Object.keys(reached).every(path => path.startsWith(folder))) return reached;
  return Object.fromEntries(Object.entries(reached).map(([path, text]) => [path.slice(folder.length), text]));
}

/** The same by their paths as they are. */
function closureOf(main: string, files: Sources): Sources {
  const reached: Record<string, string> = {};
  const add = (path: string) => {
    if (Object.hasOwn(reached, path)) return;
    reached[path] = files[path]!;
    for (const [, target] of files[path]!.matchAll(imported)) {
      const found = fileAt(pathFrom(path, target!), name => Object.hasOwn(files, name));
      if (found !== undefined) add(found);
    }
  };
  add(main);
  return reached;
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const depth = (path: string): number => path.split('/').length;

function list(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).map(path => path || 'the outermost one');
  return `${shown.join(', ')}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''}`;
}
