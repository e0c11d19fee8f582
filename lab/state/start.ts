import { beginAsAddressed, followAddress, isPlainlyAddressed } from './address-bar.ts';
import { type AtHand, lookAround, runAtHand } from './at-hand.ts';
import { prepared } from './opening.ts';
import { bringBack } from './own.ts';
import { about, open, refused } from './trainer.ts';

/** Begins with what the page is to show first: what the address asks for, or the run that `longhand lab` was given. */
export async function start(): Promise<void> {
  followAddress();
  bringBack();
  const { run } = await lookAround();
  if (run === undefined || !isPlainlyAddressed()) return beginAsAddressed();
  const whyNot = await opened(run);
  if (about.value !== undefined) return;
  // without the run there is still something to train; and what was wrong with it stays said
  beginAsAddressed();
  await prepared();
  refused.value ??= whyNot;
}

/** Opens the run; gives why it cannot be. */
async function opened(run: NonNullable<AtHand['run']>): Promise<string | undefined> {
  try {
    open(await runAtHand(run));
  } catch (error) {
    return (error as Error).message;
  }
  await prepared();
  return refused.value;
}
