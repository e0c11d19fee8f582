import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { LonghandError } from '../../tensor/index.ts';
import { FRAME_POLICY } from './policy.ts';
import type { Content } from './server.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The files of the built page, by their paths. They are read once: what is built meanwhile is another page's, and no path
 * that is asked for leads to the disk.
 *
 * @throws LonghandError where the page is not built.
 */
export function pageIn(folder: string): ReadonlyMap<string, Content> {
  const files = new Map<string, Content>();
  try {
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const type = types[extname(entry)];
      if (type === undefined) continue;
      const path = entry.split(sep).join('/');
      // Vite puts a hash of the contents into these names
      files.set(`/${path}`, {
        type,
        parts: [readFileSync(join(folder, entry))],
        isForGood: path.startsWith('assets/'),
        ...(path === 'frame.html' && { policy: FRAME_POLICY }),
      });
    }
  } catch (cause) {
    throw new LonghandError(NOT_BUILT, { cause });
  }
  const page = files.get('/index.html');
  if (page === undefined) throw new LonghandError(NOT_BUILT);
  return files.set('/', page);
}

const NOT_BUILT = 'lab: the page is not built; in a clone `npm run lab` builds it and opens it';
