import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Files that measure memory, kill at moments of the clock, or count the processes of the machine. */
const alone = ['checkpoints', 'grade', 'memory', 'storms', 'sweep'].map(name => `test/long/${name}.test.ts`);

/** Files of `npm test` that leave something to this one. */
const shared = readdirSync('test')
  .filter(name => name.endsWith('.test.ts'))
  .map(name => join('test', name))
  .filter(path => readFileSync(path, 'utf8').includes("from './one-in.ts'"));

// the counts that take long: two files at a time, and then those that want the machine for themselves
export default defineConfig({
  ...base,
  test: {
    globalSetup: 'test/build.ts',
    setupFiles: 'test/surroundings.ts',
    env: { LONG_TESTS: '1' }, // see test/one-in.ts
    testTimeout: 30 * 60_000, // the reference takes two or three minutes for a thousand steps on MNIST
    hookTimeout: 300_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'together', include: ['test/long/*.test.ts', ...shared], exclude: alone } },
      { extends: true, test: { name: 'alone', include: alone, fileParallelism: false } },
    ],
  },
});
