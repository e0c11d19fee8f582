import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { typesForEditor } from './editor-types.ts';
import { framePage } from './frame-page.ts';
import { forAnyHost } from './offline/build.ts';
import { practiceFolder } from './write/practice-folder.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Of what is no mistake nothing is said: the frame of a learner's code is one file, whatever is imported how. */
const checks = { pluginTimings: false, ineffectiveDynamicImport: false };

/** The page for `longhand lab` in lab/dist; with `--mode static` the one for any host of files in lab/static. */
export default defineConfig(({ mode }) => ({
  root: here,
  base: './',
  resolve: { conditions: ['longhand-source', 'browser', 'module', 'import', 'default'] },
  worker: { format: 'es', plugins: () => [typesForEditor()], rolldownOptions: { checks } },
  plugins: [framePage(), practiceFolder(), ...(mode === 'static' ? [forAnyHost()] : [])],
  build: {
    outDir: mode === 'static' ? 'static' : 'dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the policy knows no data: scripts
    license: { fileName: 'licenses.md' },
    rolldownOptions: { checks },
  },
}));
