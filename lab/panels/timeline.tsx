import type { JSX } from 'preact';
import { about, goTo, isPreparing, landmarks, reports, step } from '../state/trainer.ts';
import type { LandmarkKind } from '../training/protocol.ts';
import './timeline.css';

const names: Readonly<Record<LandmarkKind, string>> = {
  plateau: 'plateau',
  'plateau over': 'the digits part',
  'began saturated': 'saturated',
  saturated: 'saturated',
  learned: '3.6% training error',
  'not finite': 'no numbers any more',
};

/** The time slider: every panel shows the moment at which it stands. */
export function Timeline(): JSX.Element {
  const steps = about.value?.settings.steps ?? 1;
  const first = about.value?.firstStep ?? 0;
  const known = (reports.value.list.at(-1)?.step ?? first - 1) + 1;
  const share = (step: number) => `${(100 * (step - first)) / Math.max(1, steps - first)}%`;
  return (
    <footer class="timeline" style={{ '--known': share(known), '--now': share(step.value) }}>
      <label for="time">Back in time: drag, and everything above shows that step</label>
      <div class="track">
        <input
          id="time"
          type="range"
          min={first}
          max={steps}
          value={step.value}
          disabled={isPreparing.value}
          aria-valuetext={`after step ${step.value} of ${steps}`}
          onInput={event => goTo(event.currentTarget.valueAsNumber)}
        />
      </div>
      <ol>
        {landmarks.value.map(({ step, kind }) => (
          <li key={kind} style={{ left: share(step + 1) }}>
            <button type="button" onClick={() => goTo(step + 1)}>
              {names[kind]}
            </button>
          </li>
        ))}
      </ol>
    </footer>
  );
}
