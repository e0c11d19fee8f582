import { LonghandError } from '../tensor/errors.ts';
import { notShared } from './plan.generated.ts';
import { v8 } from './v8.ts';

// kept from before a learner's code is there, for which it does not exist
const { atob } = globalThis;

/** The kernels as WebAssembly for shared memory, and where the byte lies that says so. */
export interface Build {
  readonly base64: string;
  readonly sharingAt: number;
}

export type BuildName = 'separated' | 'joinable';

export const builds: Readonly<Record<BuildName, () => Promise<Build>>> = {
  separated: () => import('./separated.generated.ts'),
  joinable: () => import('./joinable.generated.ts'),
};

/**
 * The build of the kernels for a V8 of this version, or for what is no V8. Both give the same bits.
 *
 * kernels/gather.ts says what the separators are. Measured on an AMD EPYC (Zen 4), 50 hidden units, one thread, a step
 * and the look at the test set, the time without separators as a multiple of the time with them:
 *
 * | where                                         | V8   | without |           |
 * |-----------------------------------------------|-----:|--------:|-----------|
 * | Node 20                                       | 11.3 |    1.50 | separated |
 * | Node 22                                       | 12.4 |    1.49 | separated |
 * | Node 23                                       | 12.9 |    1.51 | separated |
 * | Deno 2.1                                      | 13.0 |    1.28 | separated |
 * | Deno 2.2                                      | 13.5 |    0.88 | joinable  |
 * | Node 24                                       | 13.6 |    0.90 | joinable  |
 * | Node 26                                       | 14.6 |    0.91 | joinable  |
 * | Deno 2.9                                      | 15.0 |    0.89 | joinable  |
 * | Chromium 156                                  | 15.6 |    0.94 | joinable  |
 * | Firefox 153 (SpiderMonkey)                    |      |    0.96 | joinable  |
 * | Bun 1.4 (JavaScriptCore)                      |      |    0.93 | joinable  |
 *
 * A probe at the start would not find out: it would time V8's first compiler, and not the one that matters.
 */
export function buildFor(version: number | undefined): BuildName {
  return version !== undefined && version < FIRST_WITHOUT ? 'separated' : 'joinable';
}

/** The first V8 that does better without separators, 13.5, as `v8` counts. */
const FIRST_WITHOUT = 135;

/** The kernels compiled, once for every engine: for shared memory and for memory of one thread. */
const compiled = new Map<boolean, WebAssembly.Module>();

/** @throws LonghandError where WebAssembly is missing or forbidden. */
export async function compile(shared: boolean): Promise<WebAssembly.Module> {
  const known = compiled.get(shared);
  if (known !== undefined) return known;
  const instead = 'or take the engine that needs none, sampleEngine (--engine sample)';
  if (typeof WebAssembly === 'undefined')
    throw new LonghandError(`wasmEngine: there is no WebAssembly here (node --jitless?); allow it, ${instead}`);
  try {
    const module = await WebAssembly.compile(bytesOf(await builds[buildFor(v8())](), shared));
    compiled.set(shared, module);
    return module;
  } catch (cause) {
    const why = (cause as Error).message;
    if (!/content security policy|unsafe-eval|\bCSP\b/i.test(why)) throw cause;
    throw new LonghandError(
      "wasmEngine: this page's content security policy forbids WebAssembly; add 'wasm-unsafe-eval' to its directive " +
        `script-src, ${instead}`,
      { cause },
    );
  }
}

/** The WebAssembly of a build, for shared memory or for memory of one thread. */
export function bytesOf({ base64, sharingAt }: Build, shared: boolean): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  if (!shared) bytes[sharingAt] = notShared;
  return bytes;
}
