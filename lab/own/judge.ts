import type { JudgeOptions } from '../../src/practice/judge/judge.ts';
import type { FunctionName, Sources } from '../../src/practice/protocol.ts';
import type { Verdict } from '../../src/practice/verdict.ts';
import { frames } from './frames.ts';

/** What a check comes to. */
export interface Checked {
  readonly verdict: Verdict;
  /** What the learner's code wrote to the console meanwhile. */
  readonly printed: string;
  /** The lengths of the functions that can be read, as the course counts its own. */
  readonly characters: Readonly<Partial<Record<FunctionName, number>>>;
}

export type ToJudge =
  /** A port comes with it, by which frames are asked for. */
  | { readonly asks: 'start' }
  | { readonly asks: 'check'; readonly id: number; readonly sources: Sources; readonly options: JudgeOptions }
  | { readonly asks: 'nothing any more' };

export type FromJudge =
  | { readonly id: number; readonly checked: Checked | undefined }
  | { readonly id: number; readonly failed: string };

let worker: Worker | undefined;
let asked = 0;
const waiting = new Map<number, { resolve(checked: Checked | undefined): void; reject(error: Error): void }>();

/**
 * Judges a learner's files as `longhand check` does, to the same verdict. The latest check is the one that counts: one
 * that is under way comes to undefined when another is asked for.
 *
 * The judge is loaded when it is first asked.
 *
 * @throws where the judge cannot be loaded, or stumbles itself; never for what a learner's code does.
 */
export function check(sources: Sources, options: JudgeOptions): Promise<Checked | undefined> {
  const id = asked++;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    tell({ asks: 'check', id, sources, options });
  });
}

/** The check that is under way is not wanted any more: it comes to undefined. */
export function abandonCheck(): void {
  if (worker !== undefined) tell({ asks: 'nothing any more' });
}

/** Loads the judge and a frame, for the one who is about to ask. */
export function prepareJudge(): void {
  if (worker === undefined) start();
}

function tell(message: ToJudge): void {
  prepareJudge();
  worker!.postMessage(message);
}

function start(): void {
  const { port1, port2 } = new MessageChannel();
  worker = new Worker(new URL('./judging.ts', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }: MessageEvent<FromJudge>) => {
    const { resolve, reject } = waiting.get(data.id)!;
    waiting.delete(data.id);
    if ('failed' in data) reject(new Error(data.failed));
    else resolve(data.checked);
  };
  worker.onerror = ({ message }) => {
    frames.leave(port1);
    worker?.terminate();
    worker = undefined;
    for (const { reject } of waiting.values())
      reject(new Error(`the judge stopped: ${message ?? 'the browser refuses to start it'}`));
    waiting.clear();
  };
  frames.serve(port1);
  frames.prepare();
  worker.postMessage({ asks: 'start' } satisfies ToJudge, [port2]);
}
