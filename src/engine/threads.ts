import { cores, startWorker } from '#platform';
import { ThreadError } from './thread-error.ts';

/** Threads that run the functions of one WebAssembly module on one memory, all of them the same function at a time. */
export interface Threads {
  /** How many there are, the calling one among them. */
  readonly count: number;
  /**
   * Calls the module's function of this name with the thread's number, 0 on the calling thread, on the first `working`
   * threads at once, and returns when all of these have returned; the others sleep on. Throws `ThreadError` where one of
   * them throws.
   */
  run(name: string, working: number): void;
  /** Calls it on the calling thread alone. */
  alone(name: string): void;
  /** Ends the other threads. */
  end(): void;
}

/**
 * Words of shared memory over which the threads speak, each group on a cache line of its own. A worker has a word that is
 * raised when a round begins at which it works; FUNCTION says which; each worker counts BUSY down when done. FAILED is the
 * length of the message of a worker that threw, its characters follow from MESSAGE on. Behind them are the workers' words.
 */
const LINE = 16;
const BUSY = 0;
const FUNCTION = LINE;
const FAILED = 2 * LINE;
const MESSAGE: number = FAILED + 1;
const MESSAGE_LENGTH = 79;
const ROUNDS: number = 7 * LINE;

/**
 * How often a thread looks before it sleeps: some 20 µs. Waking a sleeper costs as much, and within a step the next
 * round begins sooner than that. Where there are more threads than cores, looking would only keep another from working.
 */
const SPINS = 20_000;

interface WorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly words: Int32Array;
  readonly names: readonly string[];
  readonly thread: number;
  readonly spins: number;
}

/** What a worker does, as text, so that no bundler need know of it. The numbers are the words above. */
const worker = `({ module, memory, words, names, thread, spins }, ready) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const own = ${ROUNDS} + ${LINE} * thread;
  ready();
  for (let round = 0; ; round++) {
    for (let i = 0; i < spins && Atomics.load(words, own) === round; i++);
    while (Atomics.load(words, own) === round) Atomics.wait(words, own, round);
    const name = names[Atomics.load(words, ${FUNCTION})];
    if (name === undefined) return;
    try {
      exports[name](thread);
    } catch (error) {
      const message = String(error).slice(0, ${MESSAGE_LENGTH});
      for (let i = 0; i < message.length; i++) words[${MESSAGE} + i] = message.charCodeAt(i);
      Atomics.store(words, ${FAILED}, message.length);
    }
    if (Atomics.sub(words, ${BUSY}, 1) === 1) Atomics.notify(words, ${BUSY});
  }
}`;

/** A browser forbids its main thread to sleep: there, waiting is looking again and again. */
function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/** The module's functions, on this memory. */
function functionsOf(module: WebAssembly.Module, memory: WebAssembly.Memory): Record<string, (thread: number) => void> {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as ReturnType<typeof functionsOf>;
}

/** One thread, the calling one: no shared memory is wanted. */
export function oneThread(module: WebAssembly.Module, memory: WebAssembly.Memory): Threads {
  const functions = functionsOf(module, memory);
  return { count: 1, run: name => functions[name]!(0), alone: name => functions[name]!(0), end() {} };
}

/** `count` threads, the calling one among them. `names` are the functions that will be run. */
export async function startThreads(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  count: number,
  names: readonly string[],
): Promise<Threads> {
  const words = new Int32Array(new SharedArrayBuffer(4 * (ROUNDS + LINE * count)));
  const functions = functionsOf(module, memory);
  const sleeps = maySleep();
  const spins = count > cores() ? 0 : SPINS;

  const begin = (index: number, working: number): void => {
    Atomics.store(words, FUNCTION, index);
    Atomics.store(words, BUSY, working - 1);
    for (let thread = 1; thread < working; thread++) {
      Atomics.add(words, ROUNDS + LINE * thread, 1);
      Atomics.notify(words, ROUNDS + LINE * thread);
    }
  };
  const waitForAll = (): void => {
    for (let i = 0; i < spins && Atomics.load(words, BUSY) > 0; i++);
    for (let busy = Atomics.load(words, BUSY); busy > 0; busy = Atomics.load(words, BUSY)) {
      if (sleeps) Atomics.wait(words, BUSY, busy);
    }
  };

  const started = await Promise.allSettled(
    Array.from({ length: count - 1 }, (_, i) => {
      const data: WorkerData = { module, memory, words, names, thread: i + 1, spins };
      return startWorker(worker, data);
    }),
  );
  const end = (): void => {
    begin(names.length, count); // a function that there is not: workers return
    for (const one of started) if (one.status === 'fulfilled') one.value.terminate();
  };
  const failed = started.find(one => one.status === 'rejected');
  if (failed) {
    end();
    throw new ThreadError(`startThreads: a worker did not start: ${String(failed.reason)}; threads: 1 needs none`, {
      cause: failed.reason,
    });
  }

  return {
    count,
    run(name, working) {
      begin(names.indexOf(name), working);
      try {
        functions[name]!(0);
      } finally {
        waitForAll();
      }
      const length = Atomics.exchange(words, FAILED, 0);
      if (length === 0) return;
      const message = String.fromCharCode(...words.subarray(MESSAGE, MESSAGE + length));
      throw new ThreadError(`${name}: a thread failed: ${message}`);
    },
    alone: name => functions[name]!(0),
    end,
  };
}
