import type { Answer, Answerer, Call, FunctionName, StartAnswerer, Transformed } from '../../protocol.ts';
import { functionNames } from '../../source/functions.ts';

export interface ApartOptions {
  /** How long the calls of one submission may take in all, starts included. */
  readonly milliseconds: number;
}

/**
 * Answerers for code that may be hostile. Each function is asked in a process of its own, so that nothing which one of
 * them was shown or has hidden away is known to the next; of the references a process knows those of earlier stages only,
 * never the one that is asked for. Whoever takes too long in all is not asked again: many calls, each just quick enough,
 * are as good as an endless loop.
 */
export function answerersApart(start: StartAnswerer, options: ApartOptions): StartAnswerer {
  return async transformed => new ApartAnswerer(transformed, start, options);
}

class ApartAnswerer implements Answerer {
  readonly #transformed: Transformed;
  readonly #start: StartAnswerer;
  readonly #until: number;
  #current: { readonly asked: FunctionName; readonly answerer: Answerer } | undefined;

  constructor(transformed: Transformed, start: StartAnswerer, { milliseconds }: ApartOptions) {
    this.#transformed = transformed;
    this.#start = start;
    this.#until = performance.now() + milliseconds;
  }

  async call(call: Call): Promise<Answer> {
    const asked = call.function;
    if (performance.now() > this.#until) {
      const { file, line } = this.#transformed.functions[asked]!;
      return { kind: 'runaway', within: asked, file, line };
    }
    if (this.#current?.asked !== asked) {
      await this.end();
      this.#current = { asked, answerer: await this.#start(this.#transformed) };
    }
    return this.#current.answerer.call({ ...call, inPlaceOf: earlierThan(asked, call.inPlaceOf) });
  }

  async end(): Promise<void> {
    await this.#current?.answerer.end();
    this.#current = undefined;
  }
}

function earlierThan(asked: FunctionName, references: Call['inPlaceOf']): Call['inPlaceOf'] {
  const earlier = functionNames.slice(0, functionNames.indexOf(asked));
  return Object.fromEntries(Object.entries(references).filter(([name]) => earlier.includes(name as FunctionName)));
}
