/** The thread in which the judge works; a learner's code runs in the frame. */
import { AbandonedError, untilAborted } from '../../src/practice/abandon.ts';
import { answerersElsewhere } from '../../src/practice/elsewhere.ts';
import { judge } from '../../src/practice/judge/judge.ts';
import type { FunctionName, Sources } from '../../src/practice/protocol.ts';
import { transform } from '../../src/practice/transform.ts';
import { FramePlace } from './frame-place.ts';
import type { Checked, FromJudge, ToJudge } from './judge.ts';

let frames: MessagePort;
/** The check that is under way: whoever asks for another does not want it any more. */
let current = new AbortController();

self.onmessage = async ({ data, ports: [port] }: MessageEvent<ToJudge>) => {
  current.abort();
  if (data.asks === 'start') frames = port!;
  if (data.asks !== 'check') return;
  current = new AbortController();
  const { signal } = current;
  const say = (message: FromJudge) => postMessage(message);
  try {
    say({ id: data.id, checked: await check(data, signal) });
  } catch (error) {
    if (error instanceof AbandonedError) say({ id: data.id, checked: undefined });
    else say({ id: data.id, failed: error instanceof Error ? error.message : String(error) });
  }
};

async function check(
  { sources, options }: Extract<ToJudge, { asks: 'check' }>,
  signal: AbortSignal,
): Promise<Checked | undefined> {
  let printed = '';
  const place = () => new FramePlace(frames, text => (printed += text));
  const verdict = await judge(sources, untilAborted(answerersElsewhere(place), signal), options);
  return signal.aborted ? undefined : { verdict, printed, characters: lengthsOf(sources) };
}

function lengthsOf(sources: Sources): Checked['characters'] {
  const made = transform(sources);
  if (Array.isArray(made)) return {};
  const lengths: Partial<Record<FunctionName, number>> = {};
  for (const [name, { characters }] of Object.entries(made.functions)) lengths[name as FunctionName] = characters;
  return lengths;
}
