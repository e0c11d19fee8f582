import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { RunningWorker } from './worker.ts';

/** How many threads this process can run at once. */
export function cores(): number {
  return availableParallelism();
}

/**
 * Starts a worker from the text of a function `(data, ready) => …`, and waits until it has called `ready()`. The worker
 * never keeps the process alive. Rejects where it fails before.
 */
export function startWorker(source: string, data: unknown): Promise<RunningWorker> {
  const script = `
    const { parentPort, workerData } = require('node:worker_threads');
    (${source})(workerData, () => parentPort.postMessage('ready'));`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { eval: true, workerData: data, execArgv: [] });
    worker.once('error', reject);
    worker.once('message', () => {
      worker.unref();
      resolve({ terminate: () => void worker.terminate() });
    });
  });
}

/** Lets everybody else on this thread have a turn: signals, timers, sockets. */
export async function nextTurn(): Promise<void> {
  await setImmediate();
  await setImmediate(); // the first one may come before signals are looked for
}
