import { LonghandError } from '../tensor/errors.ts';

/** The kernels' addresses have 32 bits. */
export const MOST_BYTES: number = 2 ** 32;
const PAGE = 65_536;

/**
 * Memory for the kernels.
 *
 * @throws LonghandError where there is none.
 */
export function allocate(bytes: number, shared: boolean): WebAssembly.Memory {
  if (bytes > MOST_BYTES) throw tooMuch(bytes, 'more than the 4,294 MB that the kernels reach');
  let memory: WebAssembly.Memory;
  try {
    memory = memoryOf(bytes, shared);
  } catch (cause) {
    if (isAnyLeft(shared)) throw tooMuch(bytes, 'more than there is', cause);
    throw new LonghandError(
      'wasmEngine: WebAssembly gets no memory here, however little: it reserves some 10 GB of addresses each time, which ' +
        'a limit (ulimit -v) forbids. Set NODE_OPTIONS=--disable-wasm-trap-handler, or take the engine that needs none, ' +
        '--engine sample (sampleEngine)',
      { cause },
    );
  }
  if (shared) count(memory, bytes);
  return memory;
}

function memoryOf(bytes: number, shared: boolean): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
}

function isAnyLeft(shared: boolean): boolean {
  try {
    memoryOf(PAGE, shared);
    return true;
  } catch {
    return false;
  }
}

function tooMuch(bytes: number, why: string, cause?: unknown): LonghandError {
  return new LonghandError(
    `wasmEngine: these samples and hidden units want ${Math.ceil(bytes / 1e6).toLocaleString('en-US')} MB of memory, ` +
      `${why}; take fewer of either`,
    { cause },
  );
}

/**
 * V8 does not count shared memory: it sees no reason to collect engines that are gone, and lets them fill the machine. So
 * a buffer of the same size, which it does count, lives as long as the memory. It costs nothing: the system gives it no
 * memory while nobody writes to it.
 */
function count(memory: WebAssembly.Memory, bytes: number): void {
  try {
    counted.set(memory, new ArrayBuffer(bytes));
  } catch {
    // where addresses are too few for it, so be it
  }
}

const counted = new WeakMap<WebAssembly.Memory, ArrayBuffer>();
