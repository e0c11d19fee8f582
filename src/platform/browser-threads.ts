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
