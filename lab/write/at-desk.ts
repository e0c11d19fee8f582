import { computed, type ReadonlySignal, type Signal, signal, untracked } from '@preact/signals';
import type { Sources } from '../../src/practice/protocol.ts';
import { files } from '../state/own.ts';
import { exercise } from './work.ts';

/** The file in the editor. */
export const shown: Signal<string> = signal(untracked(() => exercise.value.file));
/** Somebody else's files, while they are looked at. */
export const looking: Signal<Sources | undefined> = signal(undefined);
/** What can be shown: theirs, or what is the learner's own. */
export const inEditor: ReadonlySignal<Sources> = computed(() => looking.value ?? files.value);

export function showFirst(theirs: Sources): void {
  shown.value = Object.keys(theirs)[0]!;
}
