import { type Signal, signal } from '@preact/signals';

const narrow = matchMedia('(max-width: 1120px)');

/** Whether three columns are too many. */
export const isNarrow: Signal<boolean> = signal(narrow.matches);
narrow.addEventListener('change', () => (isNarrow.value = narrow.matches));
