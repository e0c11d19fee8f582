import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { shows } from '../state/controls.ts';
import {
  about,
  isAtEnd,
  isOnItsWay,
  isPlaying,
  isPreparing,
  pace,
  pause,
  play,
  reset,
  setSpeed,
  speed,
  speedsUp,
  step,
  takeStep,
} from '../state/trainer.ts';
import { STEPS_AT_FIRST, STEPS_TO_DOUBLE } from '../training/speed.ts';
import { Display } from './display.tsx';
import { Runs } from './runs.tsx';
import { Share } from './share.tsx';
import { placeOf, speedInWords, speeds } from './speeds.ts';
import './transport.css';

/** One big button, a small step, back to the start, and how fast it goes. */
export function Transport(): JSX.Element {
  useEffect(() => {
    document.addEventListener('keydown', playOnSpace);
    return () => document.removeEventListener('keydown', playOnSpace);
  }, []);
  const isAtStart = useComputed(() => step.value === (about.value?.firstStep ?? 0)).value;
  const isMoving = isPlaying.value || isOnItsWay.value;
  return (
    <header class="transport">
      <h1>
        Long<span>hand</span>
      </h1>
      <div class="controls">
        {shows('play') && (
          <>
            <button
              type="button"
              class="play"
              disabled={isPreparing.value}
              onClick={toggle}
              aria-label={isMoving ? 'Pause' : isAtEnd.value && !isPreparing.value ? 'Play again' : 'Play'}
              aria-keyshortcuts="Space"
            >
              <svg viewBox="0 0 16 16" aria-hidden="true">
                {isMoving ? <path d="M3 2h4v12H3zM9 2h4v12H9z" /> : <path d="M3 1.5v13l11-6.5z" />}
              </svg>
              <Label now={isMoving ? 'Pause' : isAtEnd.value && !isPreparing.value ? 'Again' : 'Play'} />
            </button>
            <button type="button" class="button" disabled={isPreparing.value || isAtEnd.value} onClick={takeStep}>
              Step
            </button>
            <button type="button" class="button" disabled={isPreparing.value || isAtStart} onClick={reset}>
              Reset
            </button>
          </>
        )}
        <Count />
      </div>
      {shows('speed') && shows('play') && <SpeedControl />}
      <div class="tools">
        <Runs />
        <Share />
        <Display />
      </div>
    </header>
  );
}

/** What the big button says; it is as wide as the longest of what it may say, so that nothing beside it moves. */
const Label = ({ now }: { readonly now: string }): JSX.Element => (
  <span class="says">
    {['Play', 'Pause', 'Again'].map(text => (
      <span key={text} class={text === now ? '' : 'not-now'}>
        {text}
      </span>
    ))}
  </span>
);

function toggle(): void {
  if (isPlaying.value || isOnItsWay.value) pause();
  else play();
}

/** The space bar plays and pauses, wherever it does nothing else. */
function playOnSpace(event: KeyboardEvent): void {
  if (event.key !== ' ' || event.defaultPrevented || event.repeat || isPreparing.value || !shows('play')) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const target = event.composedPath()[0] as HTMLElement; // the editor stands in a shadow root
  const isSlider = target.matches('input[type="range"], [role="slider"]');
  if (!isSlider && target.closest('button, input, select, textarea, a, summary, dialog, [contenteditable], [tabindex]'))
    return;
  event.preventDefault();
  toggle();
}

/** The steps that were taken, with as many digits as the last one has, and how fast they come. */
function Count(): JSX.Element {
  const steps = about.value?.settings.steps ?? 0;
  const digits = String(step.value).padStart(String(steps).length, '0');
  return (
    <p class="count">
      <span class="number">
        {groupsOf(digits).map((group, i) => (
          <span key={i}>{group}</span>
        ))}
      </span>
      <small>of {steps.toLocaleString('en')} steps</small>
      <small class="pace">{pace.value === undefined ? '' : `${paceInWords(pace.value)} a second`}</small>
    </p>
  );
}

/** Digits in threes; a gap that is no character stands between them. */
const groupsOf = (digits: string): string[] => digits.match(/\d{1,3}(?=(\d{3})*$)/g) ?? [];

const paceInWords = (pace: number): string => (pace < 10 ? pace.toFixed(1) : Math.round(pace).toLocaleString('en'));

function SpeedControl(): JSX.Element {
  const words = speedInWords(speed.value);
  const isFastest = speed.value === Infinity;
  return (
    <div class="speed">
      <label for="speed">
        Speed{' '}
        <span class="value">
          {words}
          {speedsUp.value && !isFastest ? ' at first' : ''}
        </span>
      </label>
      <input
        id="speed"
        type="range"
        min={0}
        max={speeds.length - 1}
        value={placeOf(speed.value)}
        aria-valuetext={words}
        onInput={event => setSpeed(speeds[event.currentTarget.valueAsNumber]!)}
      />
      <label
        class="speeds-up"
        title={`At this speed for the first ${STEPS_AT_FIRST} steps, until the plateau is over; then twice as fast every ${STEPS_TO_DOUBLE} steps`}
      >
        <input
          type="checkbox"
          checked={speedsUp.value}
          disabled={isFastest}
          onChange={event => setSpeed(speed.value, event.currentTarget.checked)}
        />
        speeding up
      </label>
    </div>
  );
}
