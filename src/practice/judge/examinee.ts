import { Tensor } from '../../tensor/index.ts';
import type {
  Answer,
  Answerer,
  Call,
  FunctionFacts,
  FunctionName,
  Sources,
  StartAnswerer,
  TensorValue,
  Transformed,
  Value,
} from '../protocol.ts';

/** The six functions as text: they stand in for a learner's own while another of theirs is judged. */
export const references: Readonly<Record<Exclude<FunctionName, 'train'>, string>> = {
  sigma: 'x => x.tanh()',
  dsigma: 'x => x.tanh().pow(2).neg().add(1)',
  loss: '(v, t) => t.sub(v).pow(2).sum()',
  dloss: '(v, t) => v.sub(t).mul(2)',
  forwardPass: `(w1, b1, w2, b2, x) => {
    const s1 = w1.mv(x).add(b1);
    const x1 = s1.tanh();
    const s2 = w2.mv(x1).add(b2);
    return [x, s1, x1, s2, s2.tanh()];
  }`,
  backwardPass: `(w1, b1, w2, b2, t, x, s1, x1, s2, x2, dlDw1, dlDb1, dlDw2, dlDb2) => {
    const dlDs2 = x2.sub(t).mul(2).mul(s2.tanh().pow(2).neg().add(1));
    const dlDs1 = w2.t().mv(dlDs2).mul(s1.tanh().pow(2).neg().add(1));
    dlDw2.add_(dlDs2.outer(x1));
    dlDb2.add_(dlDs2);
    dlDw1.add_(dlDs1.outer(x));
    dlDb1.add_(dlDs1);
  }`,
};

export type Returned = Extract<Answer, { kind: 'returned' }>;
/** An answer without a value. */
export type Failure = Exclude<Answer, { kind: 'returned' }>;

export interface Asking {
  readonly substitutes?: Readonly<Record<number, Value>>;
  /** Whether their modules are loaded anew before. */
  readonly afresh?: boolean;
  /** In place of the plain references. */
  readonly inPlaceOf?: Call['inPlaceOf'];
}

/** Whoever is judged: their code, and somebody who runs it. */
export class Examinee {
  readonly sources: Sources;
  readonly transformed: Transformed;
  /** Files that are not there, and are empty among the sources. */
  readonly gone: readonly string[];
  readonly #start: StartAnswerer;
  #answerer: Answerer | undefined;
  /** Their code did not come to an end, or could not even be loaded: nothing more is asked then. */
  over = false;

  constructor(sources: Sources, transformed: Transformed, start: StartAnswerer, gone: readonly string[] = []) {
    this.sources = sources;
    this.transformed = transformed;
    this.#start = start;
    this.gone = gone;
  }

  factsOf(name: FunctionName): FunctionFacts | undefined {
    return this.transformed.functions[name];
  }

  /**
   * Calls one function of theirs, the references of earlier stages in place of those: never the one that is asked for,
   * nor a later one, of which their code could keep what it gives.
   */
  async ask(name: FunctionName, args: readonly (Tensor | Value)[], asking: Asking = {}): Promise<Answer> {
    this.#answerer ??= await this.#start(this.transformed);
    const answer = await this.#answerer.call({
      function: name,
      arguments: args.map(argument => ('kind' in argument ? argument : onItsWay(argument))),
      inPlaceOf: asking.inPlaceOf ?? earlierThan(name),
      substitutes: asking.substitutes ?? {},
      afresh: asking.afresh ?? false,
    });
    if (answer.kind === 'runaway' || (answer.kind === 'threw' && answer.loading)) this.over = true;
    if (answer.kind === 'runaway' || answer.kind === 'died') await this.end();
    return answer;
  }

  async end(): Promise<void> {
    await this.#answerer?.end();
    this.#answerer = undefined;
  }
}

function earlierThan(name: FunctionName): Call['inPlaceOf'] {
  const names = Object.keys(references);
  return Object.fromEntries(Object.entries(references).slice(0, names.indexOf(name)));
}

export function onItsWay(tensor: Tensor): TensorValue {
  return {
    kind: 'tensor',
    dtype: tensor.dtype,
    shape: [...tensor.shape],
    data: new Float64Array(tensor.elements()),
  };
}

/** In float64, whatever it was. */
export function tensorOf(value: TensorValue): Tensor {
  return new Tensor(value.data, value.shape, 'float64');
}
