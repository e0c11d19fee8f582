import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONSTANTS_AT } from '../src/engine/plan.generated.ts';
import * as longhand from '../src/index.ts';
import { checksums } from './every-width.js';
import { temporaryFolder } from './made-files.ts';
import { nodes, tellMissing } from './runtimes.ts';

// V8 joins pairs of the kernels' vectors into vectors of 256 bits, where it is told to. docs/engine.md says how.

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = new URL('../dist/', import.meta.url).href;
const { folder, remove } = temporaryFolder();
afterAll(remove);

tellMissing('joined.test.ts', nodes);
const [, newest] = nodes.at(-1)!;
/** Whether the processor has vectors of 256 bits, as far as Linux says it. */
const isWide = existsSync('/proc/cpuinfo') && /\bavx2\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
const canJoin = existsSync(newest) && process.arch === 'x64' && isWide;
if (!canJoin) console.warn('joined.test.ts: no Node 26 in $RUNTIMES, or no AVX2: what it joins is not looked at');

const MUCH = { cwd: root, maxBuffer: 2 ** 28 };
const JOINING = '--experimental-wasm-revectorize';
/** V8's optimising compiler from the first call on; the other one joins nothing. */
const OPTIMISED = '--no-liftoff';

describe('the command lets V8 join them, where it can', () => {
  const command = ['dist/cli/longhand.js', 'train', '--dataset', 'drawn', '--tiny', '--steps', '1', '--quiet'];

  test.for(nodes)('%s: nothing on standard error', async ([, path], { skip }) => {
    if (!existsSync(path)) skip('it is not in $RUNTIMES');
    const { stdout, stderr } = await run(path, command, { cwd: root });
    expect(stdout).toMatch(/^0 acc_train_loss /m);
    expect(stderr).toBe('');
  });

  test.runIf(canJoin)('they are joined', async () => {
    const { stdout } = await run(newest, ['--trace-wasm-revectorize', OPTIMISED, ...command], MUCH);
    expect(stdout).toContain('Decided to vectorize');
  });

  test.runIf(canJoin)('not so by the library, whose flags are the application’s', async () => {
    const program = `import { selfCheck } from '${dist}engine/self-check.js'; console.log(await selfCheck('wasm'));`;
    const { stdout } = await run(newest, ['--trace-wasm-revectorize', OPTIMISED, '-e', program], MUCH);
    expect(stdout).toBe('{ ok: true }\n');
  });
});

describe.runIf(canJoin)('joined, they give the same bits at every width', () => {
  const program = `
    import * as longhand from '${dist}index.js';
    import { checksums } from '${new URL('every-width.js', import.meta.url).href}';
    console.log(JSON.stringify(await checksums(longhand)));`;
  const joined = async (...args: string[]) =>
    JSON.parse((await run(newest, [JOINING, OPTIMISED, ...args, '--input-type=module', '-e', program], MUCH)).stdout);

  let right: Record<string, number>;
  beforeAll(async () => {
    right = await checksums(longhand);
  });

  test('as those that are not', async () => {
    expect(await joined()).toEqual(right);
  });

  // in the widest kernel a wrong half of one pair: weights from 16 bytes further down
  test('a wrong one is noticed', async () => {
    const wrong = join(folder, 'wrong.mjs');
    writeFileSync(
      wrong,
      `import { registerHooks } from 'node:module';
      import { wrongKernel } from '${new URL('wrong-kernel.js', import.meta.url).href}';
      registerHooks({
        load(url, context, next) {
          const loaded = next(url, context);
          return url.endsWith('/joinable.generated.js') ? { ...loaded, source: wrongKernel(String(loaded.source)) } : loaded;
        },
      });`,
    );
    const found = await joined('--import', wrong);
    const differing = Object.keys(right).filter(name => right[name] !== found[name]);
    expect(differing).toEqual(['50 hidden units']);
  });
});

/**
 * The kernels, and how many of their instructions on vectors of float32 may be of 128 bits, for each of 256: those of an
 * odd last vector. Where a kernel takes all vectors but one two at a time, that may be as many.
 */
const kernels: Readonly<Record<string, number>> = {
  'gather/gather9': 1 / 4,
  'gather/gather10': 0,
  'gather/gather11': 1 / 5,
  'gather/gather12': 0,
  'gather/gather13': 1 / 6,
  'gather/gather': 1 / 5, // one to eight vectors
  'dense/dense': 1 / 2,
  'tanh/powersOfTwo': 0,
  'tanh/tanhInPlace': 0,
  'tanh/tanhInPlaceWithDerivative': 0,
  'forward/prepareBase': 1 / 2,
  'forward/sumRows': 1,
  'forward/trainShard': 1,
  'forward/outputLayer': 1,
  'backward/sumPartials': 1,
  'backward/updateChunks': 1,
};

describe.runIf(canJoin)('the machine code of the kernels', () => {
  /** The instructions of each function, on vectors of four and of eight float32. */
  async function instructions(separated: boolean): Promise<Map<string, { narrow: number; wide: number }>> {
    // by an address, for its types are of another world
    const { compileKernels } = await import(new URL('../kernels/compile.mjs', import.meta.url).href);
    const file = join(folder, `separated-${separated}.wasm`);
    writeFileSync(file, await compileKernels({ separated, memoryBase: CONSTANTS_AT, named: true }));
    const program = `new WebAssembly.Module(require('fs').readFileSync('${file}'))`;
    const flags = [JOINING, OPTIMISED, '--no-wasm-lazy-compilation', '--print-wasm-code'];
    const { stdout } = await run(newest, [...flags, '-e', program], MUCH);
    const found = new Map<string, { narrow: number; wide: number }>();
    for (const code of stdout.split('--- WebAssembly code ---').slice(1)) {
      const [, name] = /^name: (.*)$/m.exec(code)!;
      const arithmetic = code.match(/\bv(add|sub|mul|div)ps .*/g) ?? [];
      const wide = arithmetic.filter(line => line.includes('ymm')).length;
      found.set(name!, { narrow: arithmetic.length - wide, wide });
    }
    return found;
  }
  const apart = (found: Awaited<ReturnType<typeof instructions>>) =>
    Object.keys(kernels).filter(name => {
      const { narrow, wide } = found.get(name)!;
      return wide === 0 || narrow > kernels[name]! * wide;
    });

  test('is joined', async () => {
    expect(apart(await instructions(false))).toEqual([]);
  });

  test('kernels with separators are not, and that is noticed', async () => {
    expect(apart(await instructions(true))).toEqual(expect.arrayContaining(['gather/gather13']));
  });
});
