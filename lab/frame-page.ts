import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin, type ResolvedConfig } from 'vite';

const own = (file: string): string => fileURLToPath(new URL(`own/${file}`, import.meta.url));

/**
 * Makes frame.html: one file with all of its script in it, which asks the network for nothing, so that its policy need
 * not name a server. It stands in the file itself, for hosts that send none.
 */
export function framePage(): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'frame-page',
    configResolved(resolved) {
      config = resolved;
    },
    async generateBundle() {
      const learner = await bundled(own('learner.ts'), config);
      const script = (await bundled(own('frame.ts'), config, learner)).replaceAll('</script', '<\\/script');
      const source = readFileSync(own('frame.html'), 'utf8')
        .replace('POLICY', () => policyFor(script))
        .replace('SCRIPT', () => script);
      this.emitFile({ type: 'asset', fileName: 'frame.html', source });
    },
  };
}

/** The code of the learner's needs `eval`, for it is compiled there; and a worker, in which it runs. */
function policyFor(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; script-src 'sha256-${hash}' 'unsafe-eval'; worker-src blob:; base-uri 'none'; form-action 'none'`;
}

/** A file and all that it imports, as one script. */
async function bundled(input: string, { resolve }: ResolvedConfig, learner = ''): Promise<string> {
  const { output } = (await build({
    configFile: false,
    logLevel: 'warn',
    resolve: { conditions: resolve.conditions },
    plugins: [
      {
        name: 'virtual-learner',
        resolveId: id => (id === 'virtual:learner' ? '\0learner' : undefined),
        load: id => (id === '\0learner' ? `export default ${JSON.stringify(learner)}` : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input, output: { format: 'iife' }, checks: { ineffectiveDynamicImport: false } },
    },
  })) as unknown as { output: [{ code: string }] };
  return output[0].code;
}
