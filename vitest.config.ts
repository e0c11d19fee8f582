import { defineConfig } from 'vitest/config';

// the `longhand-source` condition makes `#platform` the TypeScript file, so that no test runs a stale build
export default defineConfig({
  ssr: { resolve: { conditions: ['longhand-source', 'node', 'module', 'import', 'default'] } },
  test: {
    include: ['test/*.test.ts'],
    globalSetup: 'test/build.ts',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
