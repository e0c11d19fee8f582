import type { Engine, Parameters, Problem, SampleSet } from '../engine/engine.ts';
import { mustBeOfSize, sizeOf } from '../engine/sizes.ts';
import { LonghandError, type Tensor } from '../tensor/index.ts';
import { failureFrom, valueFrom } from './answer.ts';
import { CALL_MS, type Elsewhere } from './elsewhere.ts';
import type { Transformed, Value } from './protocol.ts';
import { type Failure, sayFailure } from './say-failure.ts';
import { type EngineRequest, type ParameterValues, parametersFrom, tensorValue } from './trainer.ts';

/** One of a learner's functions did not come to an answer. */
export class PracticeError extends LonghandError {
  override name = 'PracticeError';
  /** What happened, without saying when. */
  readonly says: string;

  constructor(when: string, says: string) {
    super(`${when}: ${says}`);
    this.says = says;
  }
}

/** Where no guard is, nothing but the end of the process helps; a step that is computed number by number is slow. */
const MOST_MS_PER_SAMPLE = 50;
const START_MS = 5000;
const SAMPLES_AT_A_TIME = 1000;

export interface PracticeEngineOptions {
  /** A file of theirs as it is to be found from here. */
  readonly shownFile?: (file: string) => string;
  /** Told once, where their functions cannot be run for all samples at once: why, and that it goes on one by one. */
  readonly onSampleBySample?: (says: string) => void;
}

/**
 * The practical's loop with a learner's six functions, in a place of its own: an engine that answers later. All samples
 * go through the functions at once, where the functions allow it (src/batch). Whatever their code does, whoever trains
 * lives on. Disposing of it ends the place at once, in the middle of a step, too.
 *
 * @throws PracticeError, from every one of its promises, where one of the functions fails, never ends, or ends the
 * place; the message says at which step, and where.
 */
export async function practiceEngine(
  transformed: Transformed,
  problem: Problem,
  parameters: Parameters,
  place: Elsewhere,
  { shownFile = file => file, onSampleBySample = () => {} }: PracticeEngineOptions = {},
): Promise<Engine> {
  const size = sizeOf('practiceEngine', problem, parameters);
  const { trainInput, trainTarget, testInput, testTarget, errorBelow } = problem;
  const samples = { train: trainInput.size(0), test: testInput.size(0) };
  let step = 0;

  const failed = (failure: Failure, when: string): never => {
    place.kill();
    const found = 'file' in failure && failure.file !== null ? { ...failure, file: shownFile(failure.file) } : failure;
    throw new PracticeError(when, sayFailure('the code of the files', found));
  };
  const when = () => `step ${step}`;

  const loaded = await place.ask({ load: transformed, milliseconds: CALL_MS }, START_MS + CALL_MS);
  if (loaded.kind === 'late') failed({ kind: 'runaway', within: null, file: null, line: null }, 'loading the files');
  if (loaded.kind === 'died') failed(loaded, 'loading the files');

  // one question at a time, in the order in which they were asked
  let last: Promise<unknown> = Promise.resolve();
  const ask = (engine: EngineRequest, count = 0): Promise<Value> => {
    const answer = last.then(async () => {
      const outcome = await place.ask({ engine }, START_MS + MOST_MS_PER_SAMPLE * count);
      if (outcome.kind === 'late') return failed({ kind: 'runaway', within: null, file: null, line: null }, when());
      if (outcome.kind === 'died') return failed(outcome, when());
      const message = outcome.message as { kind?: unknown; value?: unknown } | null;
      const value = message?.kind === 'done' ? valueFrom(message.value) : undefined;
      return value ?? failed(failureFrom(outcome.message, transformed.sites.length) ?? noAnswer, when());
    });
    last = answer.catch(() => {});
    return answer;
  };
  const asNumber = (value: Value | undefined): number =>
    value?.kind === 'number' ? value.value : failed(noAnswer, when());
  const asTensor = (value: Value, shape: readonly number[]): Value =>
    value.kind === 'tensor' && value.shape.join() === shape.join() ? value : failed(noAnswer, when());
  const asParameters = (value: Value): Parameters => {
    const items = value.kind === 'list' ? value.items : [];
    const { hidden, inputs, classes } = size;
    const shapes = [[hidden, inputs], [hidden], [classes, hidden], [classes]];
    if (items.length !== shapes.length) failed(noAnswer, when());
    return parametersFrom(shapes.map((shape, i) => asTensor(items[i]!, shape)));
  };

  await ask({
    asks: 'make',
    inputs: size.inputs,
    classes: size.classes,
    samples,
    errorBelow,
    parameters: valuesOf(parameters),
  });
  for (const [set, input, target] of [
    ['train', trainInput, trainTarget],
    ['test', testInput, testTarget],
  ] as const) {
    for (let first = 0; first < samples[set]; first += SAMPLES_AT_A_TIME) {
      const count = Math.min(SAMPLES_AT_A_TIME, samples[set] - first);
      const part = (of: Tensor<[number, number]>) => tensorValue(of.narrow(0, first, count));
      await ask({ asks: 'fill', set, first, input: part(input), target: part(target) }, count);
    }
  }

  return {
    trainCount: samples.train,
    testCount: samples.test,
    async step(eta) {
      const value = await ask({ asks: 'step', eta }, samples.train);
      const [loss, errors, says, at] = value.kind === 'list' ? value.items : [];
      const result = { loss: asNumber(loss), errors: asNumber(errors) };
      if (says?.kind === 'text') {
        const [, file, line] = (at?.kind === 'text' && /^(.*):(\d+)$/.exec(at.value)) || [];
        onSampleBySample(file === undefined ? says.value : `${shownFile(file)}:${line}: ${says.value}`);
      }
      step += 1;
      return result;
    },
    testErrors: async () => asNumber(await ask({ asks: 'testErrors' }, samples.test)),
    async responses(set: SampleSet) {
      const value = asTensor(await ask({ asks: 'responses', set }, samples[set]), [samples[set], size.classes]);
      return parametersFrom([value, value, value, value]).w1;
    },
    parameters: async () => asParameters(await ask({ asks: 'parameters' })),
    async setParameters(others) {
      mustBeOfSize('setParameters', others, size);
      await ask({ asks: 'setParameters', parameters: valuesOf(others) });
    },
    gradients: async () => asParameters(await ask({ asks: 'gradients' })),
    async dispose() {
      place.kill();
    },
  };
}

const noAnswer: Failure = { kind: 'died', says: 'the process answered what is no answer' };

const valuesOf = ({ w1, b1, w2, b2 }: Parameters): ParameterValues => [
  tensorValue(w1 as Tensor),
  tensorValue(b1 as Tensor),
  tensorValue(w2 as Tensor),
  tensorValue(b2 as Tensor),
];
