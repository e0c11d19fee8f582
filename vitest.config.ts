import { defineConfig } from 'vitest/config';

// The condition makes `#platform` mean src/platform/node.ts: tests never run a stale build.
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: { include: ['test/*.test.ts'] },
});
