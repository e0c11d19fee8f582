import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

// the counts that take long, one file after the other
export default defineConfig({
  ...base,
  test: {
    include: ['test/long/*.test.ts'],
    globalSetup: 'test/build.ts',
    testTimeout: 20 * 60_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
