import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Files that measure memory, kill at moments of the clock, or count the processes of the machine. */
const alone = ['checkpoints', 'grade', 'memory', 'storms', 'sweep'].map(name => `test/long/${name}.test.ts`);

// the counts that take long: two files at a time, and then those that want the machine for themselves
export default defineConfig({
  ...base,
  test: {
    globalSetup: 'test/build.ts',
    env: { ALL_CASES: '1' }, // see test/one-in.ts
    testTimeout: 30 * 60_000, // the reference takes two or three minutes for a thousand steps on MNIST
    hookTimeout: 300_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'together', include: ['test/long/*.test.ts'], exclude: alone } },
      { extends: true, test: { name: 'alone', include: alone, fileParallelism: false } },
    ],
  },
});
