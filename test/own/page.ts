import { FramePlace } from '../../lab/own/frame-place.ts';
import { frames } from '../../lab/own/frames.ts';
import { abandonCheck, check, prepareJudge } from '../../lab/own/judge.ts';
import { answerersElsewhere } from '../../src/practice/elsewhere.ts';
import type { Answer } from '../../src/practice/protocol.ts';
import { transform } from '../../src/practice/transform.ts';
import type { Trained, TrainingAsked } from './training.ts';

// What a page has that lets a learner's code run: for the tests, which call it.

/** What `sigma` of this file answers in a frame, and what it has printed so many milliseconds later. */
async function probe(source: string, milliseconds: number): Promise<{ answer: Answer; printed: string }> {
  const made = transform({ 'mine.ts': source });
  if (Array.isArray(made)) throw new Error(made[0]!.says);
  const { port1, port2 } = new MessageChannel();
  frames.serve(port1);
  let printed = '';
  const answerer = await answerersElsewhere(() => new FramePlace(port2, text => (printed += text)), 300)(made);
  const x = { kind: 'tensor', dtype: 'float64', shape: [2], data: Float64Array.of(1, 2) } as const;
  const answer = await answerer.call({ function: 'sigma', arguments: [x], inPlaceOf: {}, substitutes: {} });
  await new Promise(resolve => setTimeout(resolve, milliseconds));
  await answerer.end();
  frames.leave(port1);
  return { answer, printed };
}

/** What the lab's session comes to with these functions. */
function train(asked: TrainingAsked): Promise<Trained> {
  const { port1, port2 } = new MessageChannel();
  frames.serve(port1);
  const worker = new Worker(new URL('./training.ts', import.meta.url), { type: 'module' });
  worker.postMessage(asked, [port2]);
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      worker.terminate();
      frames.leave(port1);
      resolve(data);
    };
    worker.onerror = ({ message }) => reject(new Error(message));
  });
}

export const own: {
  readonly train: typeof train;
  readonly check: typeof check;
  readonly abandonCheck: typeof abandonCheck;
  readonly prepareJudge: typeof prepareJudge;
  readonly probe: typeof probe;
} = { check, abandonCheck, prepareJudge, probe, train };
Object.assign(globalThis, { own });
