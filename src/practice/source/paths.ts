/** Where a path leads from a file. The files have one folder above all others, which no path leaves. */
export function pathFrom(file: string, path: string): string {
  const parts = file.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The file that is imported by a path, where it is there: `loss.ts`, `loss.js` and `loss` are `loss.ts`. */
export function fileAt(path: string, isThere: (name: string) => boolean): string | undefined {
  return [path, `${path}.ts`, path.replace(/\.[cm]?js$/, '.ts')].find(isThere);
}
