import type { JSX } from 'preact';
import { shows } from '../state/controls.ts';
import { type ThemeChoice, themeChoice } from '../state/theme.ts';
import { isLarge } from '../state/view.ts';
import './display.css';

const themes: Readonly<Record<ThemeChoice, { readonly name: string; readonly next: ThemeChoice }>> = {
  system: { name: 'as the system', next: 'light' },
  light: { name: 'light', next: 'dark' },
  dark: { name: 'dark', next: 'system' },
};

/** Large, for a projector; light or dark. */
export function Display(): JSX.Element | null {
  if (!shows('display')) return null;
  const choice = themeChoice.value;
  return (
    <div class="display">
      <button
        type="button"
        class="button"
        aria-label="Large letters"
        title="Large letters, for a projector"
        aria-pressed={isLarge.value}
        onClick={() => (isLarge.value = !isLarge.value)}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M2 18 6 7l4 11M3.4 14h5.2M11 20l5.5-15L22 20M13 15.5h7" />
        </svg>
        <span class="word">Large letters</span>
      </button>
      <button
        type="button"
        class="button"
        aria-label={`Colours: ${themes[choice].name}`}
        title={`Colours: ${themes[choice].name}`}
        onClick={() => (themeChoice.value = themes[choice].next)}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="8" />
          {choice === 'system' && <path class="full" d="M12 4a8 8 0 0 1 0 16z" />}
          {choice === 'dark' && <circle class="full" cx="12" cy="12" r="8" />}
        </svg>
      </button>
    </div>
  );
}
