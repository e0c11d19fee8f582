import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';
import { wrongKernel } from '../wrong-kernel.js';

// `npm test` with a wrong kernel; joined.test.ts sees that it is found
export default mergeConfig(base, {
  root: fileURLToPath(new URL('../..', import.meta.url)),
  plugins: [
    {
      name: 'a wrong kernel',
      enforce: 'pre',
      transform: (source: string, id: string) =>
        id.endsWith('/joinable.generated.ts') ? wrongKernel(source) : undefined,
    },
  ],
});
