import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** What a look-up calls back with: an error, or what a name stands for. */
type Answer = Parameters<Parameters<LookupFunction>[2]>;

const isSilence = ([error]: Answer) => error?.code === 'EAI_AGAIN';

/** Milliseconds in which name servers that are there answer: silence up to here may be a question that was lost. */
const SOON = 2000;

/** The look-up that goes on in this process, if one does. */
let goingOn: Promise<Answer> | undefined;

/**
 * Looks up the names of one transfer, until `signal` says that it is given up.
 *
 * A look-up cannot be called off, and a process waits for it when it ends; where the name servers are silent it takes
 * many seconds. So none is begun while another goes on: it waits, and shares the other's error where no name server
 * answered that.
 */
export class NameLookup {
  readonly #signal: AbortSignal;
  #waiting = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether a name is being looked up. */
  get waiting(): boolean {
    return this.#waiting > 0;
  }

  /** `dns.lookup`, for the options of a connection. */
  readonly lookup: LookupFunction = async (hostname, options, callback) => {
    this.#waiting++;
    const answer = await this.#answer(hostname, options);
    this.#waiting--;
    callback(...answer);
  };

  async #answer(...question: Question): Promise<Answer> {
    while (goingOn !== undefined) {
      const answer = await goingOn;
      if (isSilence(answer)) return answer;
    }
    if (this.#signal.aborted) return [this.#signal.reason, ''];
    goingOn = this.#askTwice(...question).finally(() => {
      goingOn = undefined;
    });
    return goingOn;
  }

  async #askTwice(...question: Question): Promise<Answer> {
    const start = performance.now();
    const answer = await ask(...question);
    const again = isSilence(answer) && performance.now() - start < SOON && !this.#signal.aborted;
    return again ? ask(...question) : answer;
  }
}

type Question = [hostname: string, options: Parameters<LookupFunction>[1]];

function ask(...question: Question): Promise<Answer> {
  return new Promise(resolve => (lookup as LookupFunction)(...question, (...answer) => resolve(answer)));
}
