import { cores } from '#platform';
import { dataFor, drawnAlone } from './data.ts';
import type { ToTrainer } from './protocol.ts';
import { Trainer } from './trainer.ts';

// one core is left to the page; without memory that threads can share the engine takes one thread of itself
const threads = crossOriginIsolated ? Math.max(1, cores() - 1) : 1;

const load = import.meta.env.MODE === 'static' ? drawnAlone : dataFor;
const trainer = new Trainer((message, transfer) => postMessage(message, { transfer }), load, threads);
self.onmessage = ({ data }: MessageEvent<ToTrainer>) => trainer.hear(data);
trainer.work().catch(reportError); // the page hears of it
