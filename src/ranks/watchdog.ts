import { Worker } from 'node:worker_threads';

/** What the thread does, as text: it waits, and if nobody ends it until then it says why and ends the process. */
const watchdog = `
  const { workerData: { ms, message } } = require('node:worker_threads');
  setTimeout(() => {
    require('node:fs').writeSync(2, message);
    process.kill(process.pid, 'SIGKILL');
  }, ms);`;

/**
 * Calls what may never return, as a library of C does while it waits for another process: this thread then hears no timer
 * and no signal, and so another one watches it. After so many seconds it says `message` and kills the process, and the
 * launcher ends the others.
 */
export function watched(act: () => void, seconds: number, message: string): void {
  const workerData = { ms: 1000 * seconds, message: `longhand: ${message}\n` };
  const thread = new Worker(watchdog, { eval: true, workerData, execArgv: [] });
  thread.unref();
  try {
    act();
  } finally {
    void thread.terminate();
  }
}
