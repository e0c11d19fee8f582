import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { sixFilesOf } from '../own/six-files.ts';
import { files, isForeign, isWritten } from './own.ts';
import { about, ask } from './trainer.ts';

/** Whose six functions train, and whether the learner's can. */

/** Whether the learner has changed the files since the training that is shown began. */
export const isOlder: ReadonlySignal<boolean> = computed(
  () =>
    about.value?.own !== undefined &&
    isWritten.value &&
    !isForeign.value &&
    JSON.stringify(about.value.own) !== JSON.stringify(sixFilesOf(files.value)),
);

/** Why the learner's functions cannot be trained with as they are now; undefined where they can. */
export const whyNot: Signal<string | undefined> = signal('');

/** They are looked at when nobody has typed for so long, in milliseconds. */
const RESTS = 400;
let looked = 0;

effect(() => {
  const sources = sixFilesOf(files.value);
  const mine = ++looked;
  if (!isWritten.value) whyNot.value = 'Write the six functions first.';
  else if (isForeign.value)
    whyNot.value = 'This code came by a link: it runs once you have said so, where it is written.';
  else if (about.value !== undefined)
    setTimeout(async () => {
      if (mine !== looked) return;
      const answer = await ask({ about: 'own functions', sources }).catch((error: Error) => ({ says: error.message }));
      if (mine === looked) whyNot.value = answer.says === undefined ? undefined : `${capital(answer.says)}.`;
    }, RESTS);
});

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
