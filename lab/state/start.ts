import { defaults } from '../../src/settings/table.ts';
import { lookAround, orDrawn, runAtHand } from './at-hand.ts';
import { begin, open, refused, setSpeed, speed } from './trainer.ts';

/** Begins with what the page is to show first: the run that was asked for, or the practical's own training. */
export async function start(): Promise<void> {
  setSpeed(speed.value);
  const { run } = await lookAround();
  try {
    if (run !== undefined) return open(await runAtHand(run));
  } catch (error) {
    begin({ ...defaults, dataset: orDrawn(defaults.dataset) });
    refused.value = (error as Error).message;
    return;
  }
  begin({ ...defaults, dataset: orDrawn(defaults.dataset) });
}
