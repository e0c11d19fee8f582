import type { JSX } from 'preact';

/** Opens a run that was saved, saves this one, and takes its network elsewhere. */
export function Runs(): JSX.Element {
  return (
    <button type="button" class="button">
      Open or save
    </button>
  );
}
