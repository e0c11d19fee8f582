import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LonghandError } from '../../../tensor/index.ts';
import type { Graded } from '../../grade/graded.ts';
import type { Sources } from '../../protocol.ts';
import type { Judged, JudgingRequest, Lost } from './judging.ts';
import type { Submission } from './submissions.ts';

export interface GradingOptions {
  readonly seed: number;
  readonly startedBy: readonly string[];
  /** How many are judged at once. */
  readonly jobs: number;
  readonly signal?: AbortSignal;
  /** How long the calls of one submission may take in all; half a minute unless asked otherwise. */
  readonly milliseconds?: number;
  /** How long judging one may take, whatever it is that takes the time; two minutes unless asked otherwise, and twice. */
  readonly patience?: number;
}

const A_MINUTE = 60_000;
const MEMORY_MB = 1024;

const judging = join(fileURLToPath(new URL('.', import.meta.url)), 'judging.js');

/**
 * Grades submissions, several at once, each judged in a process of ours and run in processes of their own. Whatever one
 * of them does to its judge, it gets a result that says so, and the next one a new judge.
 */
export async function grade(
  submissions: readonly { readonly submission: Submission; readonly key: string }[],
  { jobs, ...options }: GradingOptions,
  onGraded: (graded: Graded, key: string) => void,
): Promise<void> {
  const { signal } = options;
  const left = [...submissions];
  const work = async () => {
    const judge = new Judge();
    const stop = () => judge.kill();
    signal?.addEventListener('abort', stop);
    try {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        signal?.throwIfAborted();
        const { submission, key } = next;
        const judged = await judge.judged(submission.read(), options).catch(error => {
          left.length = 0; // the others would fare no better
          throw error;
        });
        signal?.throwIfAborted();
        const { read: _, ...owner } = submission;
        onGraded({ ...owner, ...judged }, key);
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      judge.kill();
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(jobs, left.length) }, work));
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
}

type JudgeOptions = Omit<GradingOptions, 'jobs'>;

/** A process that judges one submission after the other. */
class Judge {
  #process: ChildProcess | undefined;

  /** Once more where the judge ended or was not done: that is rarely the submission's doing. */
  async judged(files: Sources | string, options: JudgeOptions): Promise<Judged> {
    if (typeof files === 'string') return withoutVerdict(files);
    let judged = await this.#judgedOnce(files, options);
    if (typeof judged === 'string' && options.signal?.aborted !== true) judged = await this.#judgedOnce(files, options);
    return typeof judged === 'string' ? withoutVerdict(judged) : judged;
  }

  /** A text says why it came to no end. */
  #judgedOnce(files: Sources, options: JudgeOptions): Promise<Judged | string> {
    const { seed, startedBy, milliseconds = A_MINUTE / 2, patience = 2 * A_MINUTE } = options;
    const child = this.#living();
    const request: JudgingRequest = { files, seed, startedBy, milliseconds };
    return new Promise((resolve, reject) => {
      const end = (judged: Judged | Lost | string) => {
        clearTimeout(timer);
        child.off('message', end).off('exit', onExit);
        if (typeof judged === 'object' && 'lost' in judged)
          reject(new LonghandError(`grade: no submission can be run any more: ${judged.lost}`));
        else resolve(judged);
      };
      const onExit = () => {
        this.#process = undefined;
        end('its judge ended while it was at work: there may be too little memory');
      };
      const timer = setTimeout(() => {
        this.kill();
        end('its judge was not done in time and was stopped');
      }, patience);
      child.once('message', end).once('exit', onExit);
      child.send(request, error => error && this.kill());
    });
  }

  #living(): ChildProcess {
    this.#process ??= fork(judging, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [`--max-old-space-size=${MEMORY_MB}`],
      detached: process.platform !== 'win32', // Ctrl-C is for the one who keeps the results
      env: { PATH: process.env.PATH },
    });
    return this.#process;
  }

  /** Ends it, and with it what it has started. */
  kill(): void {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined) return;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 500).unref();
  }
}

function withoutVerdict(reason: string): Judged {
  return { passed: false, score: 0, stages: [], reason, files: [], program: null };
}
