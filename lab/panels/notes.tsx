import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { chooseWhose } from '../state/chosen.ts';
import { shows } from '../state/controls.ts';
import {
  about,
  begin,
  goTo,
  isPreparing,
  landmarks,
  moment,
  parting,
  preparing,
  reference,
  refused,
  report,
  reports,
  step,
  stopped,
} from '../state/trainer.ts';
import { isOlder } from '../state/whose.ts';
import './notes.css';
import { type Remedy, whatToSay } from './what-to-say.ts';
import { withCode } from './whose.tsx';

/** What has to be said: why the loss stands still, why it does not go on, why something was refused. */
export function Notes(): JSX.Element {
  // said anew only where it is another: a live region that is written thirty times a second is read to nobody
  const said = useComputed(() =>
    JSON.stringify(
      whatToSay({
        ...{ about: about.value, step: step.value, landmarks: landmarks.value },
        ...{ refused: refused.value, stopped: stopped.value },
        preparing: preparing.value ?? (isPreparing.value && about.value !== undefined ? '' : undefined),
        ...{ parting: parting.value, isOlder: isOlder.value },
        lossOfOurs: stopped.value === undefined ? undefined : reference.value.list[step.value]?.trainLoss,
        ...{ report: report.value, first: reports.value.list[0] },
        trainsBy: shows('play') ? 'play' : shows('timeline') ? 'time' : undefined,
        hasNumbers: stopped.value === undefined || areNumbers(),
      }),
    ),
  ).value;
  const { tone, title, text, remedies } = useMemo(() => JSON.parse(said) as ReturnType<typeof whatToSay>, [said]);
  return (
    <div class={`notes ${tone}`}>
      <p role="status">
        <span class="sign" aria-hidden="true">
          {{ wrong: '!', look: '→', quiet: '·' }[tone]}
        </span>
        <strong>{title}.</strong> {withCode(text)}
      </p>
      {remedies.map(remedy => (
        <button type="button" class="button" key={remedy.label} onClick={() => act(remedy)}>
          {remedy.label}
        </button>
      ))}
    </div>
  );
}

function act(remedy: Remedy): void {
  if ('begin' in remedy) begin(remedy.begin);
  else if ('again' in remedy) chooseWhose('own');
  else goTo(remedy.goTo);
}

function areNumbers(): boolean {
  const { parameters } = moment.value ?? {};
  return parameters === undefined || Object.values(parameters).every(values => values.every(Number.isFinite));
}
