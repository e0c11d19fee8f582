import { relative } from 'node:path';

/** A folder as one types it here: from this folder, where it lies in it. */
export function asTyped(folder: string): string {
  const near = relative(process.cwd(), folder);
  return near === '' ? '.' : near.startsWith('..') ? folder : near;
}

/** As a shell takes it for one word; PowerShell too. */
export function quoted(path: string): string {
  return /^[\w./\\:@-]+$/.test(path) ? path : `"${path}"`;
}
