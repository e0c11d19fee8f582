import { fileAt } from './source/paths.ts';

/** Where a file may be imported from: what stands after `from`, where it is a path; types are of no use at run time. */
const imported = /\b(?:import|export)\s+(?!type\s)(?:[^'";]*?\bfrom\s*)?['"](\.[^'"\n]+)['"]/g;
/** The tensor, by where it lies in the house: a learner's code gets it from elsewhere. */
const ofTheHouse = /(^|\/)tensor\/index(\.[jt]s)?$/;

/**
 * The text of files, and of what they import of the same folder and the folders below it, by their paths from there.
 * What `textOf` does not know is not in it: whoever asked for it says so.
 */
export function withImports(
  files: readonly string[],
  textOf: (path: string) => string | undefined,
): Record<string, string> {
  const sources: Record<string, string> = {};
  const add = (file: string) => {
    if (Object.hasOwn(sources, file)) return;
    const text = textOf(file);
    if (text === undefined) return;
    sources[file] = text;
    for (const [, path] of text.matchAll(imported)) {
      const target = joined(file, path!);
      if (target === undefined || ofTheHouse.test(target)) continue;
      const found = fileAt(target, name => textOf(name) !== undefined);
      if (found !== undefined) add(found);
    }
  };
  for (const file of files) add(file);
  return sources;
}

/** Where a path leads from a file; undefined out of the folder. */
function joined(file: string, path: string): string | undefined {
  const parts = file.split(/[\\/]/).slice(0, -1);
  for (const part of path.split(/[\\/]/)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
