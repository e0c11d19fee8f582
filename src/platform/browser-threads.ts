import type { RunningWorker } from './worker.ts';

declare const navigator: { readonly hardwareConcurrency?: number };
declare const Worker: new (
  address: string,
) => {
  onmessage: (() => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
  postMessage(data: unknown): void;
  terminate(): void;
};
declare const MessageChannel: new () => {
  readonly port1: { onmessage: (() => void) | null; close(): void };
  readonly port2: { postMessage(data: unknown): void };
};

/** How many threads this page can run at once. */
export function cores(): number {
  return navigator.hardwareConcurrency ?? 1;
}

/** As in `node-threads.ts`. A page that forbids workers from blobs by its content security policy makes it reject. */
export function startWorker(source: string, data: unknown): Promise<RunningWorker> {
  const script = `onmessage = ({ data }) => { onmessage = null; (${source})(data, () => postMessage('ready')); };`;
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  return new Promise((resolve, reject) => {
    const worker = new Worker(address);
    worker.onerror = event => reject(new Error(event.message ?? 'the browser refuses to start a worker'));
    worker.onmessage = () => {
      URL.revokeObjectURL(address);
      resolve({ terminate: () => worker.terminate() });
    };
    worker.postMessage(data);
  });
}

/** As in `node-threads.ts`: events, timers, drawing. A message is not delayed by four milliseconds, as a timer is. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
