import type { Engine, Parameters, SampleSet } from '../engine/engine.ts';
import { sampleEngine } from '../engine/sample.ts';
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

/** The reference engine with a learner's functions, for whoever asks from another process. */
export class Trainer {
  readonly #answerer: LocalAnswerer;
  #sets:
    | Readonly<
        Record<SampleSet, { readonly input: Tensor<[number, number]>; readonly target: Tensor<[number, number]> }>
      >
    | undefined;
  #engine: Engine | undefined;

  constructor(answerer: LocalAnswerer) {
    this.#answerer = answerer;
  }

  answer(request: EngineRequest): Promise<Worked<Value>> {
    return this.#answerer.work(async functions => {
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
        this.#engine = sampleEngine(problem, parametersFrom(parameters), functions);
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
        return { kind: 'list', items: [loss, errors].map(value => ({ kind: 'number', value })) };
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
