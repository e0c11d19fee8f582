import type { Buffer } from 'node:buffer';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { answerersElsewhere, type Elsewhere, GRACE_MS, type Outcome, type Request } from '../elsewhere.ts';
import type { StartAnswerer } from '../protocol.ts';
import { Frames, frame, ID_BYTES } from './frames.ts';

export interface ChildOptions {
  /** How long a call may take, and loading the files; 2,000 unless asked otherwise. */
  readonly milliseconds?: number;
  /** What the learner's code writes with `console.log`, as it comes; of one process the first 64 kB. */
  readonly onOutput?: (text: string) => void;
  /** A command that the process is started by: `['bwrap', …]`. */
  readonly startedBy?: readonly string[];
}

/** A process that others keep from running may take so many times as long. */
const MOST_PATIENCE = 10;
const MOST_BYTES = 64 << 20;
const MOST_OUTPUT = 64 << 10;
/** A training holds its samples and takes its time; how long a step may take, whoever asks for it knows. */
const LIMITS = {
  calls: { memoryMB: 512, seconds: '300' },
  training: { memoryMB: 2048, seconds: 'unlimited' },
} as const;
/** What a process is started for. */
type Purpose = keyof typeof LIMITS;

/** The practical's loop, all samples at once, and what it knows. */
const filesOfTraining = [
  'practice/trainer.js',
  'batch',
  ...[
    'background',
    'compile',
    'joinable.generated',
    'plan.generated',
    'separated.generated',
    'sample',
    'sizes',
    'split',
    'v8',
  ].map(name => `engine/${name}.js`),
  'practical.js',
];

/** The built package: its `dist`, with links resolved, since the rights to read are given by real paths. */
const dist = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));

/** All that such a process reads: the answerer and the tensor. No solution is among it. */
export const runnersFiles: readonly string[] = [
  join(dirname(dist), 'package.json'),
  join(dist, 'tensor'),
  join(dist, 'practice', 'answerer'),
  join(dist, 'practice', 'node', 'frames.js'),
  join(dist, 'practice', 'node', 'runner.js'),
];

/** Answerers in processes of their own: whatever a learner's code does there, this process lives on and says so. */
export function childAnswerers(options: ChildOptions = {}): StartAnswerer {
  return answerersElsewhere(() => childFor(options), options.milliseconds);
}

/** A process that waits for the files of the next answerer. */
let ready: Child | undefined;

/**
 * Starts a process for the next answerer, so that a learner who saves a file need not wait for it. It keeps nobody from
 * ending.
 */
export function prepareAnswerer(): void {
  if (ready?.isOver === false) return;
  ready = new Child({});
  ready.waitsFor('nobody');
}

/** The process that is ready, or a new one. */
function childFor(options: ChildOptions): Child {
  if (ready === undefined || ready.isOver || options.startedBy !== undefined) return new Child(options);
  const child = ready;
  ready = undefined;
  child.onOutput = options.onOutput ?? child.onOutput;
  child.waitsFor('answers');
  return child;
}

/** One process, and one question at a time. */
export class Child implements Elsewhere {
  isOver = false;
  readonly #process: ChildProcess;
  #pending: { readonly id: Buffer; readonly settle: (outcome: Outcome) => void } | undefined;
  #said = 'the process ended';
  onOutput: (text: string) => void;

  constructor({ startedBy = [], onOutput = () => {} }: ChildOptions, purpose: Purpose = 'calls') {
    this.onOutput = onOutput;
    const [command, ...args] = [...startedBy, ...nodeCommand(purpose)];
    this.#process = spawn(command!, args, {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32', // a group of its own, which is killed as one
      windowsHide: true,
      cwd: dist,
      env: process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot } : {},
    });
    living.add(this);
    const frames = new Frames(MOST_BYTES);
    const answers = this.#process.stdio[3] as Duplex;
    answers.on('data', (chunk: Buffer) => {
      try {
        for (const { id, message } of frames.add(chunk)) this.#settle({ kind: 'answered', message }, id);
      } catch {
        this.#settle({ kind: 'died', says: 'the process answered what is no answer' });
        this.kill();
      }
    });
    let output = 0;
    let tail = '';
    for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        tail = (tail + text).slice(-4000);
        if (output < MOST_OUTPUT) this.onOutput(text.slice(0, MOST_OUTPUT - output).replace(/[^\P{C}\n\t]+/gu, ' '));
        output += text.length;
      });
    }
    // a process that is gone cannot be written to, and says so by its end
    for (const stream of [this.#process.stdin!, answers]) stream.on('error', () => {});
    this.#process.on('error', ({ message }) => {
      this.#said = `the process could not be started (${message})`;
      this.#end();
    });
    this.#process.on('close', (code, signal) => {
      if (/heap out of memory|allocation failed/i.test(tail) || signal === 'SIGKILL')
        this.#said = 'the process needed too much memory and ended';
      else if (code !== null) this.#said = `the process ended by itself, with code ${code}`;
      this.#end();
    });
  }

  /** Sends a request and waits for its answer, so long and no longer: by the processor's time, where that is known. */
  ask(request: Request, milliseconds: number): Promise<Outcome> {
    if (this.isOver) return Promise.resolve({ kind: 'died', says: this.#said });
    if (this.#pending !== undefined) throw new Error('a question is open, and only one can be');
    const { pid } = this.#process;
    const usedBefore = processorTimeOf(pid);
    const start = performance.now();
    return new Promise(resolve => {
      let usedLast = -1;
      const onTime = () => {
        const used = processorTimeOf(pid) - usedBefore;
        // others kept it from computing, if it computes at all
        const isSlow =
          used < milliseconds && used !== usedLast && performance.now() - start < MOST_PATIENCE * milliseconds;
        usedLast = used;
        if (isSlow) timer = setTimeout(onTime, GRACE_MS);
        else this.#settle({ kind: 'late' });
      };
      let timer = setTimeout(onTime, milliseconds);
      const id = randomBytes(ID_BYTES);
      this.#pending = {
        id,
        settle: outcome => {
          clearTimeout(timer);
          resolve(outcome);
        },
      };
      this.#process.stdin!.write(frame(id, request));
    });
  }

  /** Whether this process has to live on for it. */
  waitsFor(what: 'answers' | 'nobody'): void {
    const how = what === 'answers' ? 'ref' : 'unref';
    this.#process[how]();
    for (const stream of this.#process.stdio) (stream as Socket | null)?.[how]();
  }

  kill(): void {
    this.isOver = true;
    living.delete(this);
    const { pid } = this.#process;
    try {
      if (pid !== undefined && process.platform !== 'win32') process.kill(-pid, 'SIGKILL');
      else this.#process.kill('SIGKILL');
    } catch {
      // it is gone already
    }
    for (const stream of this.#process.stdio) stream?.destroy();
  }

  #settle(outcome: Outcome, id?: Buffer): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    // an answer to a question that was not asked is one that the learner's code made up
    const forged = id !== undefined && !id.equals(pending.id);
    this.#pending = undefined;
    pending.settle(forged ? { kind: 'died', says: 'the process answered what it was not asked' } : outcome);
  }

  #end(): void {
    this.isOver = true;
    living.delete(this);
    this.#settle({ kind: 'died', says: this.#said });
  }
}

/** The milliseconds that a process and those below it have computed so far; infinity where the system does not tell. */
function processorTimeOf(pid: number | undefined): number {
  try {
    const [, fields = ''] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))!;
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    const own = (user! + system!) * 10; // in hundredths of a second
    return childrenOf(pid!).reduce((sum, child) => sum + processorTimeOf(child), own);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Where the process is started by another command, it is that one's child. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // not every kernel tells
  }
}

/** Processes that must not outlive this one. */
const living = new Set<Child>();
process.on('exit', () => {
  for (const child of living) child.kill();
});

/** Node with the least rights that this version can be given, and with bounds on memory and time where there is a shell. */
export function nodeCommand(purpose: Purpose = 'calls'): string[] {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission';
  const readable = [...runnersFiles, ...(purpose === 'training' ? filesOfTraining.map(file => join(dist, file)) : [])];
  const { memoryMB, seconds } = LIMITS[purpose];
  const node = [
    process.execPath,
    permission,
    ...readable.map(path => `--allow-fs-read=${path}`),
    '--no-warnings',
    '--disallow-code-generation-from-strings',
    `--max-old-space-size=${memoryMB}`,
    join(dist, 'practice', 'node', 'runner.js'),
    ...(purpose === 'training' ? [purpose] : []),
  ];
  if (process.platform !== 'linux') return node;
  return [
    '/bin/sh',
    '-c',
    `unset PWD; ulimit -c 0; ulimit -f 0; ulimit -n 64; ulimit -d ${2 * memoryMB * 1024}; ulimit -t ${seconds}; exec "$0" "$@"`,
    ...node,
  ];
}
