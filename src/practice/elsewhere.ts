import { answerFrom } from './answer.ts';
import type { Answer, Answerer, Call, StartAnswerer, Transformed } from './protocol.ts';
import type { EngineRequest } from './trainer.ts';

/** What is asked of the place where a learner's code runs. */
export type Request =
  | { readonly load: Transformed; readonly milliseconds: number }
  | { readonly call: Call; readonly milliseconds: number }
  | { readonly engine: EngineRequest };

/** What comes of a question. */
export type Outcome =
  | { readonly kind: 'answered'; readonly message: unknown }
  | { readonly kind: 'late' }
  | { readonly kind: 'died'; readonly says: string };

/**
 * A place of its own for a learner's code, a process or a worker in a frame, which can be ended whatever the code does.
 * It is asked one question at a time, and what it answers is to be looked at before it is believed.
 */
export interface Elsewhere {
  /** It answers nothing any more. */
  readonly isOver: boolean;
  /** Waits for the answer so long and no longer. */
  ask(request: Request, milliseconds: number): Promise<Outcome>;
  kill(): void;
}

/** A place that is stuck where no guard is has so much longer before it is ended. */
export const GRACE_MS = 1000;
/** How long a call may take, and loading the files, unless asked otherwise. */
export const CALL_MS = 2000;
/** The practical's training, five steps on twenty samples, is more work than a call of one of the six functions. */
const CALLS_IN_A_TRAINING = 5;
const START_MS = 3000;

/** Answerers in places of their own: whatever a learner's code does there, whoever asks lives on and is told. */
export function answerersElsewhere(open: () => Elsewhere, milliseconds: number = CALL_MS): StartAnswerer {
  return async transformed => {
    const answerer = new AnswererElsewhere(transformed, open, milliseconds);
    await answerer.start();
    return answerer;
  };
}

class AnswererElsewhere implements Answerer {
  readonly #transformed: Transformed;
  readonly #open: () => Elsewhere;
  readonly #milliseconds: number;
  #place: Elsewhere | undefined;
  /** Why the files cannot even be loaded. */
  #failed: Answer | undefined;
  /** The last call: one question is asked at a time, and whoever asks meanwhile waits for it. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(transformed: Transformed, open: () => Elsewhere, milliseconds: number) {
    this.#transformed = transformed;
    this.#open = open;
    this.#milliseconds = milliseconds;
  }

  /** Opens the place and has it load the files. */
  async start(): Promise<void> {
    this.#place = this.#open();
    const request: Request = { load: this.#transformed, milliseconds: this.#milliseconds };
    const outcome = await this.#place.ask(request, START_MS + this.#milliseconds);
    if (outcome.kind === 'answered') return;
    this.#leave();
    this.#failed =
      outcome.kind === 'late'
        ? { kind: 'runaway', within: null, file: this.#onlyFile(), line: null }
        : { kind: 'died', says: `${outcome.says} while the files were loaded` };
  }

  call(call: Call): Promise<Answer> {
    const answer = this.#last.then(() => this.#ask(call));
    this.#last = answer.catch(() => {}); // whoever asked is told
    return answer;
  }

  async #ask(call: Call): Promise<Answer> {
    if (this.#failed !== undefined) return this.#failed;
    if (this.#place === undefined || this.#place.isOver) await this.start();
    if (this.#place === undefined) return this.#failed!;
    const milliseconds = this.#milliseconds * (call.function === 'train' ? CALLS_IN_A_TRAINING : 1);
    const outcome = await this.#place.ask({ call, milliseconds }, milliseconds + GRACE_MS);
    const answer = this.#answerOf(outcome, call);
    if (answer.kind === 'runaway' || answer.kind === 'died') this.#leave();
    return answer;
  }

  async end(): Promise<void> {
    this.#leave();
  }

  #leave(): void {
    this.#place?.kill();
    this.#place = undefined;
  }

  #answerOf(outcome: Outcome, call: Call): Answer {
    const { file = null, line = null } = this.#transformed.functions[call.function] ?? {};
    switch (outcome.kind) {
      case 'late':
        return { kind: 'runaway', within: call.function, file, line };
      case 'died':
        return outcome;
      default:
        return (
          answerFrom(outcome.message, this.#transformed.sites.length) ?? {
            kind: 'died',
            says: 'the process answered what is no answer',
          }
        );
    }
  }

  #onlyFile(): string | null {
    const [file, ...others] = Object.keys(this.#transformed.modules);
    return file !== undefined && others.length === 0 ? file : null;
  }
}
