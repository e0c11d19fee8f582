import { cores } from '#platform';
import { dataFor } from './data.ts';
import type { ToTrainer } from './protocol.ts';
import { Trainer } from './trainer.ts';

// one core is left to the page; without memory that threads can share the engine takes one thread of itself
const threads = crossOriginIsolated ? Math.max(1, cores() - 1) : 1;

const trainer = new Trainer((message, transfer) => postMessage(message, { transfer }), dataFor, threads);
self.onmessage = ({ data }: MessageEvent<ToTrainer>) => trainer.hear(data);
trainer.work();
