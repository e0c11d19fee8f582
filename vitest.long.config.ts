import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/slowest-first.ts';
import base from './vitest.config.ts';

/** Files that measure memory, kill at moments of the clock, or count processes such as many others start. */
const afterwards = ['checkpoints', 'grade', 'memory', 'storms', 'sweep'].map(name => `test/long/${name}.test.ts`);

/** Files of `npm test` that leave something to this one. */
const shared = readdirSync('test')
  .filter(name => name.endsWith('.test.ts'))
  .map(name => join('test', name))
  .filter(path => readFileSync(path, 'utf8').includes("from './one-in.ts'"));

// the counts that take long, two files at a time: first those that nothing disturbs, then the others
export default defineConfig({
  ...base,
  test: {
    globalSetup: 'test/build.ts',
    setupFiles: 'test/surroundings.ts',
    env: { LONG_TESTS: '1' }, // see test/one-in.ts
    testTimeout: 30 * 60_000, // the reference takes two or three minutes for a thousand steps on MNIST
    hookTimeout: 300_000,
    maxWorkers: 2,
    sequence: { sequencer: SlowestFirst },
    projects: [
      { extends: true, test: { name: 'together', include: ['test/long/*.test.ts', ...shared], exclude: afterwards } },
      { extends: true, test: { name: 'afterwards', include: afterwards, sequence: { groupOrder: 1 } } },
    ],
  },
});
