import { beginAsAddressed, followAddress, isPlainlyAddressed } from './address-bar.ts';
import { lookAround, runAtHand } from './at-hand.ts';
import { bringBack } from './own.ts';
import { open, refused } from './trainer.ts';

/** Begins with what the page is to show first: what the address asks for, or the run that `longhand lab` was given. */
export async function start(): Promise<void> {
  followAddress();
  bringBack();
  const { run } = await lookAround();
  if (run === undefined || !isPlainlyAddressed()) return beginAsAddressed();
  try {
    open(await runAtHand(run));
  } catch (error) {
    beginAsAddressed();
    refused.value = (error as Error).message;
  }
}
