import { strFromU8, unzipSync } from 'fflate';
import { exerciseFiles, exercises, stubOf } from '../../src/practice/exercises.ts';
import type { Offered } from '../state/own.ts';
import type { GivenFile } from '../state/run-files.ts';

/** Larger files are not read: no learner writes one. */
const MOST_BYTES = 1 << 20;
const MOST_FILES = 200;

/** A learner's functions among files that were chosen, dropped or zipped; undefined where there are none. */
export async function workAmong(given: readonly GivenFile[]): Promise<Offered | undefined> {
  const texts = new Map<string, string>();
  for (const file of given.slice(0, MOST_FILES)) {
    if (/\.zip$/i.test(file.path))
      for (const [path, text] of await inZip(file)) texts.set(`${file.path}/${path}`, text);
    else if (isOurs(file.path) && file.size <= MOST_BYTES) texts.set(file.path, strFromU8(await file.bytes()));
  }
  return folderAmong(texts) ?? singleAmong(texts);
}

/** What a learner's folder holds that is theirs: not the declarations, and not the solutions beside them. */
const isOurs = (path: string): boolean =>
  /(\.ts|\.bak|(^|\/)progress\.txt)$/.test(path) &&
  !/(^|\/)(types|solutions|node_modules|__MACOSX)\/|\.d\.ts$/.test(path);

async function inZip(file: GivenFile): Promise<[path: string, text: string][]> {
  if (file.size > 20 * MOST_BYTES) return [];
  try {
    const entries = unzipSync(await file.bytes(), {
      filter: ({ name, originalSize }) => isOurs(name) && originalSize <= MOST_BYTES,
    });
    return Object.entries(entries)
      .slice(0, MOST_FILES)
      .map(([path, bytes]) => [path, strFromU8(bytes)]);
  } catch {
    return []; // a run may be in it all the same, and whoever looks for that says what is wrong
  }
}

function folderAmong(texts: ReadonlyMap<string, string>): Offered | undefined {
  const isExercise = (path: string) => exerciseFiles.some(file => file === path.slice(path.lastIndexOf('/') + 1));
  const [first] = [...texts.keys()].filter(isExercise).sort((a, b) => depth(a) - depth(b));
  if (first === undefined) return undefined;
  const folder = first.slice(0, first.lastIndexOf('/') + 1);
  const inIt = [...texts].flatMap(([path, text]): [string, string][] =>
    path.startsWith(folder) ? [[path.slice(folder.length), withoutMark(text)]] : [],
  );
  const ending = (pattern: RegExp) => Object.fromEntries(inIt.filter(([path]) => pattern.test(path)));
  return {
    name: folder.slice(0, -1).split('/').at(-1) || first,
    files: ending(/\.ts$/),
    progress: inIt.find(([path]) => path === 'progress.txt')?.[1],
    backups: ending(/^[^/]+\.ts\.\d+\.bak$/),
  };
}

const depth = (path: string): number => path.split('/').length;

const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

/** One file with the six functions in it: the four of the practical hand on what it exports. */
function singleAmong(texts: ReadonlyMap<string, string>): Offered | undefined {
  const candidates = [...texts].filter(([path, text]) => path.endsWith('.ts') && exportedBy(text).size > 0);
  const [path, text] =
    candidates.find(([path]) => /(^|\/)practical\.ts$/.test(path)) ?? (candidates.length === 1 ? candidates[0]! : []);
  if (path === undefined || text === undefined) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const exported = exportedBy(text);
  const files: Record<string, string> = { [name]: withoutMark(text) };
  for (const file of exerciseFiles) {
    const inIt = exercises.filter(exercise => exercise.file === file).map(exercise => exercise.name);
    const found = inIt.filter(name => exported.has(name)).map(name => [exported.get(name)!, name]);
    const names = found.map(([theirs, ours]) => (theirs === ours ? ours : `${theirs} as ${ours}`));
    // of a file of which it has nothing, the stub; the rest of a half is to be written in it
    files[file] = names.length === 0 ? stubOf(file) : `export { ${names.join(', ')} } from './${name}';\n`;
  }
  return { name, files, progress: undefined, backups: {} };
}

/** The names of the practical's functions that a text seems to export, each as it does. */
function exportedBy(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name } of exercises) {
    const spellings = [name, name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)];
    const one = spellings.find(spelling =>
      new RegExp(`\\bexport\\s+(?:(?:const|let|var|async\\s+function|function)\\s+|\\{[^}]*)${spelling}\\b`).test(text),
    );
    if (one !== undefined) found.set(name, one);
  }
  return found;
}
