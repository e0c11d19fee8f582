import type { JSX } from 'preact';
import { about, isPlaying, isPreparing, pace, pause, play, reset, step, takeStep } from '../state/trainer.ts';
import { Display } from './display.tsx';
import { Runs } from './runs.tsx';
import { Share } from './share.tsx';
import './transport.css';

/** One big button, a small step, and back to the start. */
export function Transport(): JSX.Element {
  const steps = about.value?.settings.steps ?? 0;
  const isAtEnd = step.value >= steps;
  return (
    <header class="transport">
      <h1>
        Long<span>hand</span>
      </h1>
      <button
        type="button"
        class="play"
        disabled={isPreparing.value}
        onClick={() => (isPlaying.value ? pause() : play())}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          {isPlaying.value ? <path d="M3 2h4v12H3zM9 2h4v12H9z" /> : <path d="M3 1.5v13l11-6.5z" />}
        </svg>
        {isPlaying.value ? 'Pause' : isAtEnd && !isPreparing.value ? 'Play again' : 'Play'}
      </button>
      <button type="button" class="button" disabled={isPreparing.value || isAtEnd} onClick={takeStep}>
        Step
      </button>
      <button type="button" class="button" disabled={isPreparing.value || step.value === 0} onClick={reset}>
        Reset
      </button>
      <p class="count">
        <span class="number">{String(step.value).padStart(String(steps).length, '0')}</span>
        <small>of {steps.toLocaleString('en')} gradient steps</small>
      </p>
      <p class="pace">{pace.value === undefined ? '' : `${paceInWords(pace.value)} steps a second`}</p>
      <Runs />
      <Share />
      <Display />
    </header>
  );
}

const paceInWords = (pace: number): string => (pace < 10 ? pace.toFixed(1) : Math.round(pace).toLocaleString('en'));
