import { defaults } from '../../src/settings/table.ts';
import { begin, setSpeed, speed } from './trainer.ts';

/** Begins with what the page is to show first. */
export async function start(): Promise<void> {
  setSpeed(speed.value);
  begin({ ...defaults, dataset: 'drawn' });
}
