import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Confusion } from '../panels/confusion.tsx';
import { Curves } from '../panels/curves.tsx';
import { Draw } from '../panels/draw.tsx';
import { Mathematics } from '../panels/mathematics.tsx';
import { Mistakes } from '../panels/mistakes.tsx';
import { Notes } from '../panels/notes.tsx';
import { Sample } from '../panels/sample.tsx';
import { SettingsForm } from '../panels/settings.tsx';
import { Timeline } from '../panels/timeline.tsx';
import { Transport } from '../panels/transport.tsx';
import { Units } from '../panels/units.tsx';
import { start } from '../state/start.ts';
import { type Stage, stage } from '../state/view.ts';

/** Where everything stands. The time is the spine: its slider runs under all that it changes. */
export function Page(): JSX.Element {
  useEffect(() => {
    start();
  }, []);
  return (
    <>
      <Transport />
      <Notes />
      <main>
        <div class="column">
          <Mathematics />
          <SettingsForm />
        </div>
        <div class="column">
          <Stages />
          {stage.value === 'units' ? <Units /> : stage.value === 'sample' ? <Sample /> : <Draw />}
        </div>
        <div class="column">
          <Curves />
          <Confusion />
          <Mistakes />
        </div>
      </main>
      <Timeline />
    </>
  );
}

const names: Readonly<Record<Stage, string>> = {
  units: 'The hidden units',
  sample: 'Follow one sample',
  draw: 'Draw a digit',
};

/** What the middle of the page shows. */
function Stages(): JSX.Element {
  return (
    <nav class="stages" aria-label="What the middle of the page shows">
      {(Object.keys(names) as Stage[]).map(name => (
        <button
          type="button"
          class="button"
          key={name}
          aria-pressed={stage.value === name}
          onClick={() => (stage.value = name)}
        >
          {names[name]}
        </button>
      ))}
    </nav>
  );
}
