import { LonghandError } from '../tensor/errors.ts';

/** The kernels' addresses have 32 bits. */
const MOST_BYTES = 2 ** 32;
const PAGE = 65_536;

/**
 * Memory for the kernels.
 *
 * @throws LonghandError where there is none.
 */
export function allocate(bytes: number, shared: boolean): WebAssembly.Memory {
  if (bytes > MOST_BYTES) throw tooLarge(bytes, 'the kernels reach 4,294 MB');
  try {
    const memory = memoryOf(Math.ceil(bytes / PAGE), shared);
    if (shared) counted.set(memory, new ArrayBuffer(bytes));
    return memory;
  } catch (cause) {
    if (hasAnyMemory(shared)) throw tooLarge(bytes, 'there is not so much', cause);
    throw new LonghandError(
      'wasmEngine: WebAssembly gets no memory here, however little: it reserves 10 GB of addresses for each, and a limit ' +
        'on them (ulimit -v) forbids it. Set NODE_OPTIONS=--disable-wasm-trap-handler, or take the engine that needs none, ' +
        '--engine sample (sampleEngine)',
      { cause },
    );
  }
}

/**
 * A buffer that nobody touches beside each shared memory, of the same size and for as long as it lives. V8 does not
 * count shared memory: it would see no reason to collect engines that are gone, and let them fill the machine. Such a
 * buffer it counts, and the system gives it no memory while it is not written to.
 */
const counted = new WeakMap<WebAssembly.Memory, ArrayBuffer>();

function memoryOf(pages: number, shared: boolean): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
}

function hasAnyMemory(shared: boolean): boolean {
  try {
    memoryOf(1, shared);
    return true;
  } catch {
    return false;
  }
}

function tooLarge(bytes: number, why: string, cause?: unknown): LonghandError {
  const size = Math.ceil(bytes / 1e6).toLocaleString('en-US');
  return new LonghandError(
    `wasmEngine: these samples and hidden units want ${size} MB of memory, and ${why}; take fewer of either`,
    { cause },
  );
}
