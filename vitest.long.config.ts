import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

// the counts that take long, one file after the other
export default defineConfig({
  ...base,
  test: {
    include: ['test/long/*.test.ts'],
    globalSetup: 'test/build.ts',
    env: { ALL_CASES: '1' }, // see test/one-in.ts
    testTimeout: 30 * 60_000, // the reference takes two or three minutes for a thousand steps on MNIST
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
