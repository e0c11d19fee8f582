import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Answerer, Call, FunctionName, StartAnswerer, Transformed } from '../../protocol.ts';

export interface ApartOptions {
  /** How long the calls of one submission may take in all, starts included. */
  readonly milliseconds: number;
  /** Whether an innocent program is answered for: asked where a process ended before it had loaded one. */
  works(): Promise<boolean>;
}

/** Thrown where nothing can be run any more: that is no fault of a submission's, and nothing is to be said of it. */
export class SandboxLostError extends Error {
  override name = 'SandboxLostError';
}

/**
 * Answerers for code that may be hostile. Each function is asked in a process of its own, so that nothing which one of
 * them was shown or has hidden away is known to the next. Whoever takes too long in all is not asked again: many calls,
 * each just quick enough, are as good as an endless loop.
 */
export function answerersApart(start: StartAnswerer, options: ApartOptions): StartAnswerer {
  return async transformed => new ApartAnswerer(transformed, start, options);
}

/** A machine that is short of something for a moment is asked again. */
const MOST_TRIES = 3;
const BETWEEN_TRIES = 500;

class ApartAnswerer implements Answerer {
  readonly #transformed: Transformed;
  readonly #start: StartAnswerer;
  readonly #until: number;
  readonly #works: () => Promise<boolean>;
  #current: { readonly asked: FunctionName; readonly answerer: Answerer } | undefined;

  constructor(transformed: Transformed, start: StartAnswerer, { milliseconds, works }: ApartOptions) {
    this.#transformed = transformed;
    this.#start = start;
    this.#until = performance.now() + milliseconds;
    this.#works = works;
  }

  async call(call: Call): Promise<Answer> {
    const asked = call.function;
    if (performance.now() > this.#until) {
      const { file, line } = this.#transformed.functions[asked]!;
      return { kind: 'runaway', within: asked, file, line };
    }
    for (let tries = 1; ; tries++) {
      if (this.#current?.asked !== asked) {
        await this.end();
        this.#current = { asked, answerer: await this.#start(this.#transformed) };
      }
      const answer = await this.#current.answerer.call(call);
      const { says } = answer.kind === 'died' ? answer : { says: '' };
      const isUnstarted = /could not be started/.test(says);
      if (!isUnstarted && (!/while the files were loaded/.test(says) || (await this.#works()))) return answer;
      if (tries === MOST_TRIES) throw new SandboxLostError(says);
      await this.end();
      await wait(BETWEEN_TRIES);
    }
  }

  async end(): Promise<void> {
    await this.#current?.answerer.end();
    this.#current = undefined;
  }
}
