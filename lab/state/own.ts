import { type Signal, signal } from '@preact/signals';
import type { FunctionName, Sources } from '../../src/practice/protocol.ts';

/** A learner's own functions, as far as the rest of the page is concerned. `lab/write/` makes and keeps them. */

/** The files as they are now, by their names: a new object for every change. Nothing where nobody has begun to write. */
export const files: Signal<Sources> = signal({});

/** Whether any of it is more than what was handed out. */
export const isWritten: Signal<boolean> = signal(false);

/** Where a function stands; `unknown` before a check has said anything of it. */
export type OwnStanding = 'passed' | 'failed' | 'missing' | 'waiting' | 'unknown';

/** Where each function stands, as the last check that looked at it has said. */
export const standings: Signal<Readonly<Record<FunctionName, OwnStanding>>> = signal({
  sigma: 'unknown',
  dsigma: 'unknown',
  loss: 'unknown',
  dloss: 'unknown',
  forwardPass: 'unknown',
  backwardPass: 'unknown',
  train: 'unknown',
});

/**
 * Whether the code came from somebody else, by a link, and nobody has asked for it to run yet: until then nothing runs
 * it.
 */
export const isForeign: Signal<boolean> = signal(false);

/** Somebody's code that the address brought and nobody has answered to yet; packed, see `lab/write/shared.ts`. */
export const linkedCode: Signal<string> = signal('');

/** Files that were opened here and are to take the place of what is written, if that is wanted. */
export interface Offered {
  /** What they are called together: a zip, a folder, a file. */
  readonly name: string;
  readonly files: Sources;
  /** As `longhand learn` writes it. */
  readonly progress: string | undefined;
  readonly backups: Sources;
}
export const offered: Signal<Offered | undefined> = signal(undefined);

export const KEPT_AS = 'longhand practical';

/** Brings back what was kept in this browser, if anything was, whether the editor is ever opened or not. */
export async function bringBack(): Promise<void> {
  try {
    if (localStorage.getItem(KEPT_AS) === null) return;
  } catch {
    return; // a browser that keeps nothing for this page
  }
  await import('../write/work.ts');
}
