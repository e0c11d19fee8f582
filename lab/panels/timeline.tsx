import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import {
  about,
  goal,
  goTo,
  isOnItsWay,
  isPlaying,
  isPreparing,
  known,
  landmarks,
  pause,
  report,
  step,
  wanted,
} from '../state/trainer.ts';
import type { LandmarkKind } from '../training/protocol.ts';
import { placeLabels } from './label-row.ts';
import { inWords } from './step-values.ts';
import './timeline.css';

/** The time slider: every panel shows the moment at which it stands. It runs under everything. */
export function Timeline(): JSX.Element {
  return (
    <footer class="timeline">
      <Caption />
      <Slider />
      <Marks />
    </footer>
  );
}

const firstStep = (): number => about.value?.firstStep ?? 0;
const steps = (): number => about.value?.settings.steps ?? 1;

/** How far along the slider so many steps lie, from 0 to 1. */
const shareOf = (step: number): number =>
  Math.max(0, Math.min(1, (step - firstStep()) / Math.max(1, steps() - firstStep())));

function Caption(): JSX.Element {
  return (
    <div class="caption">
      <label for="time">
        Back in time<span class="how">: drag, and everything above shows that step</span>
      </label>
      <span class="way">{isOnItsWay.value && `training up to step ${wanted.value!.toLocaleString('en')} …`}</span>
      <label>
        Play until{' '}
        <select
          value={goal.value ?? ''}
          onChange={event => (goal.value = (event.currentTarget.value || undefined) as LandmarkKind | undefined)}
        >
          <option value="">the end</option>
          <option value="plateau over">digits begin to separate</option>
          <option value="learned">3.6% training error</option>
        </select>
      </label>
    </div>
  );
}

function Slider(): JSX.Element {
  // while somebody drags it stands under the finger, however long the trainer needs to be there
  const shown = wanted.value ?? step.value;
  const jump = (event: KeyboardEvent) => {
    const by = { PageUp: 10, PageDown: -10 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    goTo(shown + by);
  };
  return (
    <input
      id="time"
      type="range"
      min={firstStep()}
      max={Math.max(steps(), firstStep() + 1)}
      value={shown}
      disabled={isPreparing.value}
      // where all is known the bar is full, beyond the thumb, too
      style={{ '--known': shareOf(known.value) === 1 ? 2 : shareOf(known.value), '--now': shareOf(shown) }}
      aria-valuetext={isPlaying.value ? 'it trains' : inAWord(shown)}
      onPointerDown={() => isPlaying.value && pause()}
      onInput={event => goTo(event.currentTarget.valueAsNumber)}
      onKeyDown={jump}
    />
  );
}

function inAWord(shown: number): string {
  const place = `after ${shown.toLocaleString('en')} of ${steps().toLocaleString('en')} steps`;
  if (shown !== step.value) return `${place}, on the way`;
  return report.value === undefined ? place : `${place}: ${inWords(report.value)}`;
}

const names: Readonly<Record<LandmarkKind, string>> = {
  plateau: 'plateau',
  'plateau over': 'digits begin to separate',
  'began saturated': 'saturated',
  saturated: 'saturated',
  learned: '3.6% training error',
  'not finite': 'no numbers any more',
};

/** The same where there is little room. */
const shortNames: Readonly<Partial<Record<LandmarkKind, string>>> = {
  'plateau over': 'digits part',
  learned: '3.6%',
  'not finite': 'no numbers',
};

/** Pixels below which there is little room. */
const LITTLE = 500;

interface Mark {
  readonly step: number;
  readonly name: string;
  readonly short: string;
  readonly importance: number;
}

/** What happened, in its order, between the start and the end. */
function marks(): Mark[] {
  const first = firstStep();
  const last = steps();
  const happened = landmarks.value.map(({ step, kind }) => ({
    step: kind === 'not finite' ? step : step + 1,
    name: names[kind],
    short: shortNames[kind] ?? names[kind],
    importance: kind === 'not finite' ? 9 : kind === 'plateau over' ? 5 : 4,
  }));
  const from = first === 0 ? 'start' : `step ${first.toLocaleString('en')}`;
  const start = { step: first, name: from, short: from, importance: 2 };
  return [
    start,
    ...happened.sort((a, b) => a.step - b.step),
    { step: last, name: 'the end', short: 'end', importance: 3 },
  ];
}

/** Marks under the slider; a click on what one says goes there. */
function Marks(): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const all = marks();
  const [room, setRoom] = useState(0);
  const [widths, setWidths] = useState<readonly number[]>([]);
  const isShort = room < LITTLE;
  const texts = all.map(({ name, short }) => (isShort ? short : name)).join();

  useLayoutEffect(() => {
    const measure = () => {
      setRoom(list.current!.clientWidth);
      setWidths([...list.current!.querySelectorAll('button')].map(button => button.offsetWidth));
    };
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(list.current!);
    return () => sizes.disconnect();
  }, [texts]);

  const places = placeLabels(
    all.map(({ step, importance }, i) => ({ at: room * shareOf(step), width: widths[i] ?? 0, importance })),
    room,
    8,
  );
  return (
    <ol ref={list}>
      {all.map(({ step, name, short }, i) => {
        const place = places[i];
        const at = room * shareOf(step);
        const width = widths[i] ?? 0;
        const middle = (place ?? 0) + width / 2;
        // no farther than the row goes: it may have been narrowed since it was measured
        const left = `min(${place ?? 0}px, 100% - ${width}px)`;
        return (
          <li key={name}>
            <svg class="leader" aria-hidden="true">
              <path d={`M${at} 0V4${place === undefined ? '' : `L${middle} 10`}`} />
            </svg>
            <button
              type="button"
              style={{ left, visibility: place === undefined ? 'hidden' : 'visible' }}
              aria-label={`${name}: go to step ${step}`}
              onClick={() => goTo(step)}
            >
              {isShort ? short : name}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
