import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../made-files.ts';
import { nodes, tellMissing } from '../runtimes.ts';

// What every engine is held to, held against the kernels as V8's optimising compiler joins them, on the newest Node.

const root = fileURLToPath(new URL('../..', import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);
const newest = nodes.slice(-1);
tellMissing('long/joined.test.ts', newest);
const [, node] = newest[0]!;

/** The tests that fail, and how many do not. */
async function outcome(config: string): Promise<{ passed: number; failed: string[] }> {
  const report = join(folder, 'report.json');
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', config, `--outputFile.json=${report}`];
  const flags = ['--reporter=json', '--execArgv=--experimental-wasm-revectorize', '--execArgv=--no-liftoff'];
  await new Promise(done => {
    const files = ['test/conformance.test.ts', 'test/threads.test.ts'];
    execFile(node, [...args, ...flags, ...files], { cwd: root, maxBuffer: 2 ** 28 }, done); // 1 where tests fail
  });
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const all = (testResults as { assertionResults: { status: string; fullName: string }[] }[]).flatMap(
    file => file.assertionResults,
  );
  return { passed: numPassedTests, failed: all.filter(one => one.status === 'failed').map(one => one.fullName) };
}

test.skipIf(!existsSync(node))('they pass', async () => {
  const { passed, failed } = await outcome('vitest.config.ts');
  expect(failed).toEqual([]);
  expect(passed).toBeGreaterThan(100);
});

test.skipIf(!existsSync(node))('a wrong kernel does not', async () => {
  const { failed } = await outcome('test/long/wrong-kernel.config.ts');
  expect(failed).toEqual(expect.arrayContaining([expect.stringMatching(/^wasm.*those of the six functions/)]));
});
