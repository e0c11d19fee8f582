import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
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
      const here = `Node ${process.versions.node}`;
      const rows = works.dense.filter((row: { runtime: string }) => row.runtime === here);
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

test('what an environment sets to choose the kernels of others is not handed on to the peers', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'longhand-bench-test-'));
  const peer = join(folder, 'says-its-environment.mjs');
  await writeFile(peer, 'console.log(JSON.stringify(process.env)); process.stdin.resume();');
  const { start } = await import(bench('contestant.mjs'));
  const choices = ['OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE', 'NVPL_BLAS_DEBUG_CPU_TYPE', 'MKL_CBWR', 'NODE_OPTIONS'];
  for (const name of choices) vi.stubEnv(name, '--no-warnings');
  vi.stubEnv('LONGHAND_BENCH_TEST', 'handed on');
  try {
    const { runtime: environment, end } = await start({ program: [peer] }, folder, 3);
    end();
    expect(Object.keys(environment).filter(name => choices.includes(name))).toEqual([]);
    expect(environment).toMatchObject({
      LONGHAND_BENCH_TEST: 'handed on',
      OPENBLAS_NUM_THREADS: '3',
      OMP_NUM_THREADS: '3',
    });
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
});

test('the tables hold every Node, and say which kernels the programs in Python ran', async () => {
  const { readmes } = await import(bench('tables.mjs'));
  const row = (name: string, runtime: string, threads: 1 | 'all', ms: number) => ({ name, runtime, threads, ms: [ms] });
  const rows = ['Node 20.1.2', 'Node 26.3.4'].flatMap((node, i) => [
    row('longhand', node, 1, 2 - i),
    row('longhand', node, 'all', 1),
    row('onnxruntime-web', node, 1, 6),
  ]);
  rows.push(
    row('numpy', 'numpy 1.2.3, OpenBLAS 4.5.6 Zen', 1, 4),
    row('numpy', 'numpy 1.2.3, OpenBLAS 4.5.6 Zen', 'all', 5),
  );
  const [, table] = Object.values<string>(
    readmes({
      date: '2026-01-02',
      machine: { processor: 'P', cores: 2, memory: '3 GiB', system: 'S' },
      versions: { 'onnxruntime-web': '7.8.9' },
      missing: {},
      works: { default: rows },
    }),
  );
  expect(table!.split('\n').slice(0, 5)).toEqual([
    '| ms a step | Node 20.1.2, 1 thread | Node 26.3.4, 1 thread | Node 20.1.2, 2 threads | Node 26.3.4, 2 threads |',
    '|---|--:|--:|--:|--:|',
    '| **Longhand** | 2.00 | 1.00 | 1.00 | 1.00 |',
    '| onnxruntime-web 7.8.9, a step as one graph | 6.00 (3.00×) | 6.00 (6.00×) |  |  |',
    '| numpy, native (numpy 1.2.3, OpenBLAS 4.5.6 Zen) | 4.00 (2.00×) | 4.00 (4.00×) | 5.00 (5.00×) | 5.00 (5.00×) |',
  ]);
});

test('the tables in the READMEs are made of results.json', async () => {
  const { readmes, resultsFile, withTable } = await import(bench('tables.mjs'));
  const tables: Record<string, string> = readmes(JSON.parse(readFileSync(resultsFile, 'utf8')));
  expect(Object.keys(tables)).toHaveLength(2);
  for (const [file, table] of Object.entries(tables)) {
    const text = readFileSync(file, 'utf8');
    expect(text).toBe(withTable(text, table));
  }
});
