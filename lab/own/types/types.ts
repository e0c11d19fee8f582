import { type Signal, signal } from '@preact/signals';
import type { Sources } from '../../../src/practice/protocol.ts';
import type { Diagnostic } from './checker.ts';

export interface ToTypes {
  readonly id: number;
  readonly sources: Sources;
}

export interface FromTypes {
  readonly id: number;
  readonly found: readonly Diagnostic[];
}

/** How far the compiler is that checks types. It is fetched when it is first asked, and may not come. */
export const typing: Signal<'not asked' | 'loading' | 'ready' | 'not here'> = signal('not asked');

/** A line that is half written is left in peace so long, in milliseconds. */
const SYNTAX_WAITS = 1000;

let worker: Worker | undefined;
let asked = 0;
/** The latest question: what else was asked is not wanted any more. */
let open: { readonly id: number; readonly sources: Sources; answer(found: readonly Diagnostic[]): void } | undefined;
/** Whether the thread works on a question: the next one waits, so that of many only the latest is looked at. */
let isBusy = false;

/**
 * What of these files cannot be as it stands, as a type checker sees it; nothing where that cannot be loaded. The latest
 * question is the one that counts: an older one comes to nothing.
 */
export async function checkTypes(sources: Sources): Promise<readonly Diagnostic[]> {
  open?.answer([]);
  if (typing.peek() === 'not here') return [];
  const id = asked++;
  const begun = performance.now();
  const found = await new Promise<readonly Diagnostic[]>(answer => {
    open = { id, sources, answer };
    if (!isBusy) next();
  });
  const wait = begun + SYNTAX_WAITS - performance.now();
  if (wait > 0 && found.some(({ isSyntax }) => isSyntax)) await new Promise(resolve => setTimeout(resolve, wait));
  return id === asked - 1 ? found : [];
}

function next(): void {
  if (open === undefined) return;
  worker ??= start();
  isBusy = true;
  worker.postMessage({ id: open.id, sources: open.sources } satisfies ToTypes);
}

function start(): Worker {
  typing.value = 'loading';
  const started = new Worker(new URL('./typing.ts', import.meta.url), { type: 'module' });
  started.onmessage = ({ data: { id, found } }: MessageEvent<FromTypes>) => {
    isBusy = false;
    typing.value = 'ready';
    if (id === open?.id) {
      const { answer } = open;
      open = undefined;
      answer(found);
    } else next();
  };
  started.onerror = event => {
    event.preventDefault(); // the page goes on without it
    typing.value = 'not here';
    started.terminate();
    open?.answer([]);
    open = undefined;
  };
  return started;
}
