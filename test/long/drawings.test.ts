import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

test('the drawings of docs/ are what their script draws', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const folder = mkdtempSync(join(tmpdir(), 'longhand-drawings-'));
  try {
    execFileSync(process.execPath, [join(root, 'scripts/drawings.mjs'), `${pathToFileURL(folder)}/`]);
    const kept = join(root, 'docs/drawings');
    expect(readdirSync(folder).sort()).toEqual(readdirSync(kept).sort());
    for (const name of readdirSync(kept)) {
      expect(readFileSync(join(folder, name), 'utf8'), name).toBe(readFileSync(join(kept, name), 'utf8'));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
