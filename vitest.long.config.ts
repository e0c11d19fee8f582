import { defineConfig, mergeConfig } from 'vitest/config';
import config from './vitest.config.ts';

export default mergeConfig(
  { ...config, test: {} },
  defineConfig({ test: { include: ['test/long/*.test.ts'], testTimeout: 600_000 } }),
);
