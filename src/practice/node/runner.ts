/**
 * The process in which a learner's code runs: the channel starts it with the least rights that Node has. It reads what
 * is to be done from standard input and writes answers to descriptor 3; standard output and error are the learner's.
 * It knows the answerer and the tensor, and needs no other file.
 */
import { Buffer } from 'node:buffer';
import { read, writeSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { knownGlobals } from '../answerer/allowed.ts';
import { type LocalAnswerer, startAnswering } from '../answerer/answerer.ts';
import type { Request } from '../elsewhere.ts';
import type * as training from '../trainer.ts';
import { Frames, frame } from './frames.ts';

const exit = process.exit.bind(process);
const { apply } = Reflect;
const { cpuUsage } = process;
const ANSWERS = 3;

// whatever a learner's code leaves behind, timers and promises, must not end the process that has still to answer
process.on('uncaughtException', () => {});
process.on('unhandledRejection', () => {});

// only a process that was started to train may read this; and it wants what is taken away then
const { Trainer } = process.argv[2] === 'training' ? await import('../trainer.ts') : {};
takeAwayGlobals();

let answerer: LocalAnswerer | undefined;
let trainer: training.Trainer | undefined;
const frames = new Frames(Number.POSITIVE_INFINITY);
const chunk = Buffer.alloc(1 << 16);
readOn();

function readOn(): void {
  read(0, chunk, 0, chunk.length, null, (error, length) => {
    if (error || length === 0) exit(0);
    answerAll(Buffer.from(chunk.subarray(0, length))).catch(() => exit(1));
  });
}

async function answerAll(bytes: Buffer): Promise<void> {
  for (const { id, message } of frames.add(bytes)) send(frame(id, await answer(message as Request)));
  readOn();
}

async function answer(request: Request): Promise<unknown> {
  if ('load' in request) {
    const { load, milliseconds } = request;
    answerer = startAnswering(load, {
      milliseconds,
      processorTime,
      compile: (body, parameters, filename) =>
        compileFunction(body, [...parameters], { filename }) as (...args: unknown[]) => unknown,
    });
    return {};
  }
  if ('engine' in request) {
    trainer ??= new Trainer!(answerer!);
    return trainer.answer(request.engine);
  }
  return answerer?.call(request.call, request.milliseconds);
}

function send(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(ANSWERS, bytes, at);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') exit(1);
    }
  }
}

function processorTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/** What a learner's code has no use for is not there: the process above all. The console writes and does no more. */
function takeAwayGlobals(): void {
  const { log, error } = console;
  const write = (f: typeof log) => Object.freeze((...args: unknown[]) => void apply(f, undefined, args));
  const own = { log: write(log), info: write(log), debug: write(log), warn: write(error), error: write(error) };
  const ofLanguage = /^(decodeURI|encodeURI|escape|unescape|eval|Function|Intl)/;
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!knownGlobals.has(name) && !ofLanguage.test(name)) delete (globalThis as Record<string, unknown>)[name];
  }
  Object.defineProperty(globalThis, 'console', { value: Object.freeze(own) });
}
