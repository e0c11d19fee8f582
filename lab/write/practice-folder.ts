import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import type { Plugin } from 'vite';

/**
 * The folder that `longhand learn` makes, as an import: its files as texts by their paths. It is made by the built
 * command's own code, so that what is saved in the page is what is made in a terminal.
 */
export function practiceFolder(): Plugin {
  let root: string;
  return {
    name: 'practice-folder',
    configResolved(config) {
      root = config.root;
    },
    resolveId: id => (id === 'virtual:practice-folder' ? '\0practice-folder' : undefined),
    async load(id) {
      if (id !== '\0practice-folder') return undefined;
      const built = join(root, '../dist/practice/node/folder.js');
      const { PracticeFolder } = (await import(built)) as typeof import('../../src/practice/node/folder.ts');
      const parent = mkdtempSync(join(tmpdir(), 'longhand-'));
      try {
        const folder = join(parent, 'longhand-practical');
        new PracticeFolder(folder).setUp();
        const files: Record<string, string> = {};
        for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
          if (!entry.isFile()) continue;
          const path = join(entry.parentPath, entry.name);
          files[
            path
              .slice(folder.length + 1)
              .split(sep)
              .join('/')
          ] = readFileSync(path, 'utf8');
        }
        return `export default ${JSON.stringify(files)}`;
      } finally {
        rmSync(parent, { recursive: true });
      }
    },
  };
}
