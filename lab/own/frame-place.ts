import type { Elsewhere, Outcome, Request } from '../../src/practice/elsewhere.ts';
import { type Asked, type FrameWish, MOST_OUTPUT, MOST_OUTPUTS } from './messages.ts';

/** Loading the frame and starting its worker, on a slow machine. */
const START_MS = 20_000;
/** Time is counted in pieces, so that a machine that was asleep has not used it up. */
const TICK_MS = 250;

let opened = 0;

/**
 * A frame as the place of a learner's code, for a thread of the page: it asks the page for a frame by `frames`, and then
 * talks to the worker in the frame and to nobody else. What comes from there may have been made up by the code: what was
 * not asked for, or is too much, ends it.
 */
export class FramePlace implements Elsewhere {
  isOver = false;
  readonly #frames: MessagePort;
  readonly #onOutput: (text: string) => void;
  readonly #number = opened++;
  readonly #port: MessagePort;
  #isReady = false;
  #pending: { readonly id: string; readonly milliseconds: number; settle(outcome: Outcome): void } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #output = 0;
  #outputs = 0;

  constructor(frames: MessagePort, onOutput: (text: string) => void = () => {}) {
    this.#frames = frames;
    this.#onOutput = onOutput;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    port1.onmessage = ({ data }) => this.#hear(data);
    port1.onmessageerror = () => this.#die('the process answered what is no answer');
    // not every browser tells that the other end is gone
    port1.addEventListener('close', () => this.#die('the process needed too much memory and ended'));
    frames.postMessage({ open: this.#number } satisfies FrameWish, [port2]);
  }

  ask(request: Request, milliseconds: number): Promise<Outcome> {
    if (this.isOver) return Promise.resolve({ kind: 'died', says: 'the process ended' });
    if (this.#pending !== undefined) throw new Error('a question is open, and only one can be');
    const id = crypto.randomUUID();
    return new Promise(resolve => {
      this.#pending = { id, milliseconds, settle: resolve };
      if (this.#isReady) this.#wait(milliseconds, () => this.#settle({ kind: 'late' }));
      else this.#wait(START_MS, () => this.#die('the frame in which it runs did not start'));
      this.#port.postMessage({ id, request } satisfies Asked);
    });
  }

  kill(): void {
    this.#die('the process was ended');
  }

  #hear(data: unknown): void {
    const { isReady, output, id, message } = (data ?? {}) as Readonly<Record<string, unknown>>;
    if (isReady === true && !this.#isReady) {
      this.#isReady = true;
      if (this.#pending !== undefined) this.#wait(this.#pending.milliseconds, () => this.#settle({ kind: 'late' }));
    } else if (typeof output === 'string') this.#print(output);
    else if (this.#pending !== undefined && id === this.#pending.id) this.#settle({ kind: 'answered', message });
    else this.#die('the process answered what it was not asked');
  }

  /** The worker keeps to the bounds: where they are broken, somebody else has written it. */
  #print(text: string): void {
    this.#outputs += 1;
    this.#output += text.length;
    if (this.#outputs <= MOST_OUTPUTS && this.#output <= MOST_OUTPUT + MOST_OUTPUTS)
      this.#onOutput(text.replace(/[^\P{C}\n\t]+/gu, ' '));
    else this.#die('the process wrote more than it may');
  }

  #wait(milliseconds: number, late: () => void): void {
    clearTimeout(this.#timer);
    let left = milliseconds;
    const tick = () => {
      const time = Math.min(left, TICK_MS);
      left -= time;
      this.#timer = setTimeout(left > 0 ? tick : late, time);
    };
    tick();
  }

  #settle(outcome: Outcome): void {
    clearTimeout(this.#timer);
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.settle(outcome);
  }

  #die(says: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#port.onmessage = null;
    this.#port.close();
    this.#frames.postMessage({ close: this.#number } satisfies FrameWish);
    this.#settle({ kind: 'died', says });
  }
}
