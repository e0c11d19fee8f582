import type { JSX } from 'preact';
import { ignored } from '../state/address-bar.ts';
import { hiddenControls } from '../state/controls.ts';
import './from-address.css';

/** What the address asked for and could not have. */
export function Ignored(): JSX.Element | null {
  const lines = ignored.value;
  if (lines.length === 0) return null;
  return (
    <p class="ignored" role="status">
      <span>
        Of the address this is left out: {lines.slice(0, 3).join('. ')}
        {lines.length > 3 ? `; and ${lines.length - 3} more` : ''}.
      </span>
      <button type="button" class="button" onClick={() => (ignored.value = [])}>
        Close
      </button>
    </p>
  );
}

/** The way back from a page of which parts are switched off. */
export function ShowAll(): JSX.Element | null {
  if (hiddenControls.value.size === 0) return null;
  return (
    <p class="show-all">
      <button type="button" onClick={() => (hiddenControls.value = new Set())}>
        Show all controls
      </button>
    </p>
  );
}
