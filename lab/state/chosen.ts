import { effect, type Signal, signal } from '@preact/signals';
import type { Sources } from '../../src/practice/protocol.ts';
import { defaults, goTogether, type Settings, settingNames } from '../../src/settings/table.ts';
import { sixFilesOf } from '../own/six-files.ts';
import { orDrawn } from './at-hand.ts';
import { costInWords } from './cost.ts';
import { files, isForeign } from './own.ts';
import { about, begin, isPreparing, own, refused } from './trainer.ts';

/** What is chosen to train with. The data set is the one that is wished for, whether it is here or not. */
export const chosen: Signal<Settings> = signal(defaults);

/** Settings that take long here, or much memory: they wait for a yes. */
export const heavy: Signal<
  { readonly settings: Settings; readonly own: Sources | undefined; readonly why: string } | undefined
> = signal(undefined);

/** Begins anew with other settings; where they take long it asks first. */
export function choose(change: Partial<Settings>): void {
  const settings = { ...(heavy.peek()?.settings ?? chosen.peek()), ...change };
  if (!goTogether(settings)) settings.size = defaults.size;
  if (isSame(settings, chosen.peek())) heavy.value = undefined;
  else consider(settings, newest());
}

/** Begins anew with the learner's own functions as they are now, or with Longhand's. */
export function chooseWhose(whose: 'own' | 'longhand'): void {
  consider(heavy.peek()?.settings ?? chosen.peek(), whose === 'own' ? sixFilesOf(files.peek()) : undefined);
}

/** Begins with settings, whatever there was before; where they take long with the practical's own, and asks. */
export function beginWith(settings: Settings): void {
  const own = newest();
  const why = costInWords(usable(settings), own !== undefined);
  accept(why === undefined ? settings : defaults, own);
  if (why !== undefined) heavy.value = { settings, own, why };
}

/** Where a learner's functions train, their text as it is now; what came by a link and may not run yet is none of it. */
function newest(): Sources | undefined {
  const isThere = Object.keys(files.peek()).length > 0 && !isForeign.peek();
  return own.peek() === undefined || !isThere ? own.peek() : sixFilesOf(files.peek());
}

function consider(settings: Settings, own: Sources | undefined): void {
  const why = costInWords(usable(settings), own !== undefined);
  if (why === undefined) accept(settings, own);
  else heavy.value = { settings, own, why };
}

/** Begins, however long it takes. */
export function accept(settings: Settings, own: Sources | undefined = newest()): void {
  heavy.value = undefined;
  chosen.value = settings;
  begin(usable(settings), own);
}

/** The same settings with data that are here: digits drawn in the page where those that are wished for are not. */
export function usable(settings: Settings): Settings {
  return { ...settings, dataset: orDrawn(settings.dataset) };
}

const isSame = (a: Settings, b: Settings): boolean => settingNames.every(name => a[name] === b[name]);

// a run that was opened has settings of its own; and where a wish was refused, what was there before still is
effect(() => {
  const now = about.value;
  if (now === undefined || isPreparing.value) return;
  const isOther = now.opened !== undefined || refused.value !== undefined;
  if (isOther && !isSame(usable(chosen.peek()), now.settings)) chosen.value = now.settings;
});
