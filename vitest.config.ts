import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/slowest-first.ts';

// the `longhand-source` condition makes `#platform` the TypeScript file, so that no test runs a stale build
export default defineConfig({
  ssr: { resolve: { conditions: ['longhand-source', 'node', 'module', 'import', 'default'] } },
  test: {
    include: ['test/*.test.ts'],
    globalSetup: 'test/build.ts',
    setupFiles: 'test/surroundings.ts',
    maxWorkers: 4, // most tests wait for processes that they start
    sequence: { sequencer: SlowestFirst },
    // for what hangs: more than ten times what the slowest test takes on a quiet machine
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
