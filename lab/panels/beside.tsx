import type { JSX } from 'preact';
import { shows } from '../state/controls.ts';
import { about, goTo, isPlaying, oneByOne, parting, reference, reports } from '../state/trainer.ts';
import { stage } from '../state/view.ts';
import { withCode } from './whose.tsx';
import './beside.css';

/** A learner's training beside Longhand's own: whether they are the same, where they part, and what that looks like. */
export function Beside(): JSX.Element | null {
  if (about.value?.own === undefined) return null;
  const { where, look, looksLike, isMistake, step } = parting.value ?? {};
  return (
    <div class={isMistake ? 'besides parted' : 'besides'}>
      <p class="about">
        <svg viewBox="0 0 18 4" aria-hidden="true">
          <path d="M0 2h18" />
        </svg>
        Thin: Longhand’s own functions, with the same settings.
      </p>
      {oneByOne.value !== undefined && <p>{oneByOne.value}.</p>}
      <div role="status">
        {isMistake ? (
          <>
            <p>
              <strong>{withCode(capital(where!))}.</strong>
            </p>
            <p>{withCode(capital(look!))}.</p>
            {looksLike!.map(says => (
              <p key={says}>It looks like this: {withCode(says)}.</p>
            ))}
          </>
        ) : (
          <p>{step === undefined ? <Same /> : roundingParts(step)}</p>
        )}
      </div>
      {isMistake && (
        <p class="ways">
          <button type="button" class="button" onClick={() => goTo(step!)}>
            Go to step {step!.toLocaleString('en')}
          </button>
          {shows('sample') && (
            <button type="button" class="button" onClick={() => (stage.value = 'sample')}>
              Follow one sample there
            </button>
          )}
          {shows('write') && (
            <button type="button" class="button" onClick={() => (stage.value = 'write')}>
              Have them checked
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function roundingParts(step: number): string {
  return `The same as Longhand’s up to step ${step - 1}, but for rounding; from there rounding is amplified, as between any two correct programs.`;
}

/** Said when it stands still: while it trains it would not hold still. */
function Same(): JSX.Element | null {
  const [theirs, ours] = [reports, reference].map(
    signal => (isPlaying.value ? signal.peek() : signal.value).list.length,
  );
  const both = Math.min(theirs!, ours!);
  if (isPlaying.value || both === 0) return null;
  return <>The same as Longhand’s in all of the {both.toLocaleString('en')} steps, but for rounding.</>;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
