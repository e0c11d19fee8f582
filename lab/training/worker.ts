import { dataFor, drawnAlone } from './data.ts';
import type { ToTrainer } from './protocol.ts';
import { Trainer } from './trainer.ts';

const load = import.meta.env.MODE === 'static' ? drawnAlone : dataFor;
const trainer = new Trainer((message, transfer) => postMessage(message, { transfer }), load);
self.onmessage = ({ data }: MessageEvent<ToTrainer>) => trainer.hear(data);
trainer.work().catch(reportError); // the page hears of it
