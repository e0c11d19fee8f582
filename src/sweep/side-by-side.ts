import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Outcome } from './curve.ts';
import type { FromRunner, Order, RunnerData, ToRunner } from './runner.ts';

const runner = join(fileURLToPath(new URL('.', import.meta.url)), 'runner.js');

interface SideBySide extends RunnerData {
  /** How many runs are trained at once, each in a thread of its own. */
  readonly jobs: number;
  /** Aborted, it stops them all, and those that are saved are saved where they stopped. */
  readonly signal: AbortSignal;
  /** A run has done so many steps: told now and then. */
  onSteps(run: number, steps: number): void;
  onDone(run: number, outcome: Outcome): void;
}

/**
 * Trains runs, several at once. Whatever happens to one of them, even to its thread, it has an outcome that says so, and
 * the others go on. What `onDone` throws ends it all.
 *
 * @throws the signal's reason where it was aborted before all were done.
 */
export async function trainSideBySide(orders: readonly Order[], how: SideBySide): Promise<void> {
  const { jobs, signal, onDone } = how;
  let next = 0;
  const work = async () => {
    let thread: Runner | undefined;
    try {
      while (next < orders.length && !signal.aborted) {
        const run = next++;
        thread ??= new Runner(how);
        const said = await thread.trained(orders[run]!, steps => how.onSteps(run, steps));
        if (thread.isGone) thread = undefined;
        if (said !== 'stopped') onDone(run, said);
      }
    } catch (error) {
      next = orders.length; // the others would fare no better
      throw error;
    } finally {
      thread?.end();
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(jobs, orders.length) }, work));
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  signal.throwIfAborted();
}

/** A thread that trains one run after the other. */
class Runner {
  isGone = false;
  readonly #thread: Worker;
  readonly #signal: AbortSignal;
  readonly #stop = (): void => this.#say('stop');

  constructor({ data, threads, signal }: SideBySide) {
    const workerData: RunnerData = { data, threads };
    this.#thread = new Worker(runner, { workerData, execArgv: [] });
    this.#signal = signal;
    signal.addEventListener('abort', this.#stop);
  }

  trained(order: Order, onSteps: (steps: number) => void): Promise<Outcome | 'stopped'> {
    const thread = this.#thread;
    return new Promise(resolve => {
      const end = (said: Outcome | 'stopped') => {
        thread.off('message', onMessage).off('error', onError).off('exit', onExit);
        resolve(said);
      };
      const gone = (why: string) => {
        this.isGone = true;
        this.#signal.removeEventListener('abort', this.#stop);
        end({ curve: { loss: [], training_error: [], test_error: [] }, failed: `its thread ended: ${why}` });
      };
      const onMessage = (said: FromRunner) => {
        if (said === 'stopped') end(said);
        else if ('outcome' in said) end(said.outcome);
        else onSteps(said.steps);
      };
      const onError = (error: Error) => gone(error.message);
      const onExit = (code: number) => gone(`exit code ${code}`);
      thread.on('message', onMessage).on('error', onError).on('exit', onExit);
      this.#say(order);
    });
  }

  end(): void {
    this.#signal.removeEventListener('abort', this.#stop);
    void this.#thread.terminate();
  }

  #say(message: ToRunner): void {
    this.#thread.postMessage(message);
  }
}
