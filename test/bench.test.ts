import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { longTest, test } from './one-in.ts';

const bench = (file: string) => fileURLToPath(new URL(`../bench/${file}`, import.meta.url));

longTest(
  'a small measurement: who is missing is named, who is there is checked against the reference and measured',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longhand-bench-test-'));
    const out = join(folder, 'results.json');
    try {
      const args = ['--works', 'dense', '--peers', 'longhand,numpy', '--rounds', '2', '--out', out];
      const env = { ...process.env, PYTHON: join(folder, 'no-python') };
      const { status, stderr } = spawnSync(process.execPath, [bench('run.mjs'), ...args], { env, encoding: 'utf8' });
      expect(stderr).toMatch(/numpy is missing: .*no-python/);
      expect(status).toBe(0);
      const { works, missing, machine } = JSON.parse(readFileSync(out, 'utf8'));
      expect(missing.numpy).toContain('no-python');
      expect(machine.cores).toBeGreaterThan(0);
      const rows = works.dense.filter((row: { newest: boolean }) => !row.newest);
      expect(rows.map((row: { name: string; threads: number | 'all' }) => [row.name, row.threads])).toEqual([
        ['longhand', 1],
        ['longhand', 'all'],
      ]);
      for (const { ms } of rows) {
        expect(ms).toHaveLength(2);
        for (const time of ms) expect(time).toBeGreaterThan(0);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

test('the tables in the READMEs are made of results.json', async () => {
  const { readmes, resultsFile, withTable } = await import(bench('tables.mjs'));
  const tables: Record<string, string> = readmes(JSON.parse(readFileSync(resultsFile, 'utf8')));
  expect(Object.keys(tables)).toHaveLength(2);
  for (const [file, table] of Object.entries(tables)) {
    const text = readFileSync(file, 'utf8');
    expect(text).toBe(withTable(text, table));
  }
});
