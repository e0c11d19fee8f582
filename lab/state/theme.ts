import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { forgetColours } from '../page/colours.ts';

/** Light or dark: as the system has it, or as somebody wants it here. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const KEPT_AS = 'longhand theme';

export const themeChoice: Signal<ThemeChoice> = signal(kept());

const systemIsDark = signal(false);
const system = matchMedia('(prefers-color-scheme: dark)');
systemIsDark.value = system.matches;
system.addEventListener('change', () => (systemIsDark.value = system.matches));

/** What is seen. Whoever paints with colours of the style sheet reads it, so as to paint anew when it changes. */
export const theme: ReadonlySignal<'light' | 'dark'> = computed(() => {
  const choice = themeChoice.value;
  const now = choice === 'system' ? (systemIsDark.value ? 'dark' : 'light') : choice;
  // before anybody paints: what they ask the style sheet for is of the new colours
  document.documentElement.style.colorScheme = choice === 'system' ? '' : choice;
  forgetColours();
  return now;
});

effect(() => {
  theme.value;
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
