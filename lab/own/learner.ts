/**
 * The worker in the frame: it runs a learner's code and answers what it is asked, one question at a time. That it has
 * no network and no storage is the frame's doing; what is taken away here besides are the means to trouble the page
 * without end, messages and workers above all.
 */
import { knownGlobals } from '../../src/practice/answerer/allowed.ts';
import { type LocalAnswerer, startAnswering } from '../../src/practice/answerer/answerer.ts';
import type { Request } from '../../src/practice/elsewhere.ts';
import { Trainer } from '../../src/practice/trainer.ts';
import { type Asked, MOST_BYTES, MOST_OUTPUT, MOST_OUTPUTS } from './messages.ts';
import { said } from './said.ts';

/** Kept from before a learner's code is there. */
const Body = Function;

self.onmessage = ({ ports: [port] }) => {
  self.onmessage = null;
  const post = port!.postMessage.bind(port!);
  // what a learner's code leaves behind, timers and promises, is nobody's business
  self.onerror = () => true;
  self.onunhandledrejection = event => event.preventDefault();
  takeAwayGlobals(text => post({ output: text }));
  port!.onmessage = async ({ data: { id, request } }: MessageEvent<Asked>) => {
    const message = await answerTo(request).catch(() => undefined);
    post({ id, message: bytesOf(message) <= MOST_BYTES ? message : undefined });
  };
  post({ isReady: true });
};

let answerer: LocalAnswerer | undefined;
let trainer: Trainer | undefined;

async function answerTo(request: Request): Promise<unknown> {
  if ('load' in request) {
    const { load, milliseconds } = request;
    answerer = startAnswering(load, {
      milliseconds,
      compile: (body, parameters) => new Body(...parameters, body) as (...args: unknown[]) => unknown,
    });
    trainer = undefined;
    return {};
  }
  if ('engine' in request) {
    trainer ??= new Trainer(answerer!);
    return trainer.answer(request.engine);
  }
  return answerer?.call(request.call, request.milliseconds);
}

/** The bytes of the numbers in a message; what is sent besides is short. */
function bytesOf(message: unknown): number {
  if (message instanceof Float64Array) return message.byteLength;
  if (typeof message !== 'object' || message === null) return 0;
  let bytes = 0;
  for (const key of Object.keys(message)) bytes += bytesOf((message as Record<string, unknown>)[key]);
  return bytes;
}

/** What a learner's code has no use for is not there. The console is told to the page, up to a bound. */
function takeAwayGlobals(print: (text: string) => void): void {
  let left = MOST_OUTPUT;
  let times = MOST_OUTPUTS;
  const write = Object.freeze((...args: unknown[]): void => {
    if (left <= 0 || times <= 0) return;
    const text = `${said(args, left)}\n`;
    left -= text.length;
    times -= 1;
    print(text);
  });
  const ofLanguage = /^(decodeURI|encodeURI|escape|unescape|eval|Function|Intl)/;
  for (let holder: object | null = globalThis; holder !== null && holder !== Object.prototype; ) {
    for (const name of Object.getOwnPropertyNames(holder)) {
      if (!knownGlobals.has(name) && !ofLanguage.test(name)) Reflect.deleteProperty(holder, name);
    }
    holder = Object.getPrototypeOf(holder);
  }
  const own = { log: write, info: write, debug: write, warn: write, error: write };
  Object.defineProperty(globalThis, 'console', { value: Object.freeze(own) });
}
