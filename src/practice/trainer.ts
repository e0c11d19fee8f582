import { batchEngine } from '../batch/batch-engine.ts';
import { sayWhyNot, type WhyNot } from '../batch/why-not.ts';
import type { Engine, Parameters, SampleSet } from '../engine/engine.ts';
import { type Tensor, zeros } from '../tensor/index.ts';
import type { LocalAnswerer, Worked } from './answerer/answerer.ts';
import { fromValue } from './answerer/values.ts';
import type { TensorValue, Value } from './protocol.ts';

/** w1, b1, w2, b2. */
export type ParameterValues = readonly [TensorValue, TensorValue, TensorValue, TensorValue];

/** What an engine in another process is asked for. */
export type EngineRequest =
  | {
      readonly asks: 'make';
      readonly inputs: number;
      readonly classes: number;
      readonly samples: Readonly<Record<SampleSet, number>>;
      readonly errorBelow: number;
      readonly parameters: ParameterValues;
    }
  /** Samples from number `first` on, which are too many to be sent at once. */
  | {
      readonly asks: 'fill';
      readonly set: SampleSet;
      readonly first: number;
      readonly input: TensorValue;
      readonly target: TensorValue;
    }
  | { readonly asks: 'step'; readonly eta: number }
  | { readonly asks: 'testErrors' | 'parameters' | 'gradients' }
  | { readonly asks: 'responses'; readonly set: SampleSet }
  | { readonly asks: 'setParameters'; readonly parameters: ParameterValues };

/** The practical's loop with a learner's functions, all samples at once, for whoever asks from another process. */
export class Trainer {
  readonly #answerer: LocalAnswerer;
  #sets:
    | Readonly<
        Record<SampleSet, { readonly input: Tensor<[number, number]>; readonly target: Tensor<[number, number]> }>
      >
    | undefined;
  #engine: Engine | undefined;
  /** Why the samples are taken one by one, until whoever asks is told. */
  #whyNot: WhyNot | undefined;

  constructor(answerer: LocalAnswerer) {
    this.#answerer = answerer;
  }

  answer(request: EngineRequest): Promise<Worked<Value>> {
    return this.#answerer.work(async (functions, place) => {
      if (request.asks === 'make') {
        const { inputs, classes, samples, errorBelow, parameters } = request;
        const made = (count: number) => ({ input: zeros(count, inputs), target: zeros(count, classes) });
        const sets = { train: made(samples.train), test: made(samples.test) };
        const problem = {
          trainInput: sets.train.input,
          trainTarget: sets.train.target,
          testInput: sets.test.input,
          testTarget: sets.test.target,
          errorBelow,
        };
        this.#sets = sets;
        this.#engine = batchEngine(problem, parametersFrom(parameters), functions, {
          place,
          against: this.#kept(),
          onSampleBySample: why => {
            this.#whyNot = why;
          },
        });
        return { kind: 'nothing' };
      }
      if (request.asks === 'fill') {
        const { set, first, input, target } = request;
        const { input: inputs, target: targets } = this.#sets![set];
        const rows = input.shape[0]!;
        inputs.narrow(0, first, rows).copy_(fromValue(input) as typeof inputs);
        targets.narrow(0, first, rows).copy_(fromValue(target) as typeof targets);
        return { kind: 'nothing' };
      }
      return this.#asked(this.#engine!, request);
    });
  }

  async #asked(engine: Engine, request: Exclude<EngineRequest, { asks: 'make' | 'fill' }>): Promise<Value> {
    switch (request.asks) {
      case 'step': {
        const { loss, errors } = await engine.step(request.eta);
        const numbers = [loss, errors].map(value => ({ kind: 'number', value }) as const);
        return { kind: 'list', items: [...numbers, ...this.#news()] };
      }
      case 'testErrors':
        return { kind: 'number', value: await engine.testErrors() };
      case 'responses':
        return tensorValue(await engine.responses(request.set));
      case 'parameters':
        return parametersOf(await engine.parameters());
      case 'gradients':
        return parametersOf(await engine.gradients());
      case 'setParameters':
        await engine.setParameters(parametersFrom(request.parameters));
        return { kind: 'nothing' };
    }
  }

  /** What speaks against running the functions for all samples at once before they are run. */
  #kept(): WhyNot | undefined {
    const { kept } = this.#answerer;
    if (kept === undefined) return undefined;
    return { operation: kept.name, says: kept.says, place: `${kept.file}:${kept.line}` };
  }

  /** What has not been told yet: why the samples are taken one by one, and the place where that stands, `mine.ts:12`. */
  #news(): Value[] {
    const why = this.#whyNot;
    this.#whyNot = undefined;
    if (why === undefined) return [];
    const { place = '', ...rest } = why;
    return [sayWhyNot(rest), place].map(value => ({ kind: 'text', value }));
  }
}

export function tensorValue(tensor: Tensor): TensorValue {
  return { kind: 'tensor', dtype: tensor.dtype, shape: [...tensor.shape], data: Float64Array.from(tensor.elements()) };
}

const parametersOf = ({ w1, b1, w2, b2 }: Parameters): Value => ({
  kind: 'list',
  items: [w1, b1, w2, b2].map(tensor => tensorValue(tensor as Tensor)),
});

export function parametersFrom([w1, b1, w2, b2]: readonly Value[]): Parameters {
  return { w1: fromValue(w1!), b1: fromValue(b1!), w2: fromValue(w2!), b2: fromValue(b2!) } as Parameters;
}
