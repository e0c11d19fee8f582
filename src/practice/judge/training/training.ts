import { Tensor } from '../../../tensor/index.ts';
import type { Recorded, Value } from '../../protocol.ts';
import type { Draws } from '../draws.ts';
import { type Examinee, references } from '../examinee.ts';
import { type Finding, failure, passed, placeOf, waiting } from '../finding.ts';
import { notThere } from '../one-function.ts';
import { findingsIn } from './found.ts';
import { judgeLog } from './log.ts';
import { CLASSES, STEPS, TEST, TRAIN, testLabels, trainLabels } from './small-training.ts';
import { judgeSteps } from './step.ts';
import { watchedIn, watching } from './watched.ts';

export const trainingStages: readonly ('step' | 'loop')[] = ['step', 'loop'];

/** So large that weights of 1e-6 make a difference: the answers vary from the first step on. */
const LARGE = 1e4;

/** Mistakes after which a log can say nothing. */
const leavesNothing = ['no-passes', 'weights-not-set', 'sums-not-set', 'targets-not-one-hot'];

/** Judges the training by running it for five steps on twenty made samples, and looking at what it calls. */
export async function examineTraining(examinee: Examinee, draws: Draws): Promise<Finding[]> {
  const absent = notThere('train', trainingStages, examinee);
  if (absent !== null) return absent;
  const facts = examinee.factsOf('train')!;
  const place = placeOf(facts);
  const inputs = [draws.many([TRAIN, 784], LARGE), draws.many([TEST, 784], LARGE)].map(t => t.float());
  const oneHot = (labels: readonly number[]) =>
    new Tensor(
      Float32Array.from(labels.flatMap(label => Array.from({ length: CLASSES }, (_, c) => (c === label ? 1 : 0)))),
      [labels.length, CLASSES],
      'float32',
    );
  const number = (value: number): Value => ({ kind: 'number', value });
  const seed = draws.below(2 ** 31);
  const args = [inputs[0]!, oneHot(trainLabels), inputs[1]!, oneHot(testLabels), number(STEPS), number(seed)];
  const answer = await examinee.ask('train', args, { inPlaceOf: { ...references, ...watching() } });
  if (answer.kind !== 'returned') {
    return [failure('step', answer, facts, examinee), waiting('loop', place, 'It waits for `step`.')];
  }
  const { records } = answer;
  const goesOn = countOf('print', records) > STEPS + 1 && countOf('backward', records) > STEPS * TRAIN;
  const watched = watchedIn(goesOn ? wantedSteps(records) : records, inputs as [Tensor, Tensor]);
  const { finding, zeta } = judgeSteps(watched, findingsIn('step', facts, examinee));
  const step = finding ?? passed('step', place);
  if (step.mistake !== null && leavesNothing.includes(step.mistake))
    return [step, waiting('loop', place, 'It waits for `step`, without which there are no numbers.')];
  const found = findingsIn('loop', facts, examinee);
  const theirs = answer.value.kind === 'list' ? answer.value.items.length : 0;
  if (goesOn) return [step, found('steps-not-heeded', { theirs, right: STEPS }, /\b(for|while)\s*\(|\bdo\s*\{/)];
  return [step, judgeLog(watched, zeta, found) ?? passed('loop', place)];
}

function countOf(name: string, records: readonly Recorded[]): number {
  return records.filter(record => record.name === name).length;
}

/** What comes up to the line of the last step that is wanted. */
function wantedSteps(records: readonly Recorded[]): readonly Recorded[] {
  const prints = records.flatMap(({ name }, i) => (name === 'print' ? [i] : []));
  return records.slice(0, prints[STEPS - 1]! + 1);
}
