import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { forgetColours } from '../page/colours.ts';
import { isLarge } from './view.ts';

/** Light or dark: as the system has it, or as somebody wants it here. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const KEPT_AS = 'longhand theme';

export const themeChoice: Signal<ThemeChoice> = signal(kept());

const systemIsDark = signal(false);
const system = matchMedia('(prefers-color-scheme: dark)');
systemIsDark.value = system.matches;
system.addEventListener('change', () => (systemIsDark.value = system.matches));

/** What is seen. Whoever paints with colours of the style sheet reads `palette`, which changes after them. */
export const theme: ReadonlySignal<'light' | 'dark'> = computed(() =>
  themeChoice.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : themeChoice.value,
);

effect(() => {
  const { classList } = document.documentElement;
  void theme.value;
  for (const choice of ['light', 'dark'] as const) classList.toggle(choice, themeChoice.value === choice);
  classList.toggle('large', isLarge.value); // which has ink of its own
  forgetColours();
});

effect(() => {
  try {
    localStorage.setItem(KEPT_AS, themeChoice.value);
  } catch {
    // a browser that keeps nothing for this page: it is the system's again next time
  }
});

function kept(): ThemeChoice {
  try {
    const choice = localStorage.getItem(KEPT_AS);
    if (choice === 'light' || choice === 'dark') return choice;
  } catch {
    // as above
  }
  return 'system';
}
