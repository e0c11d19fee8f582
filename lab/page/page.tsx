import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Confusion } from '../panels/confusion.tsx';
import { Curves } from '../panels/curves.tsx';
import { Drop } from '../panels/drop.tsx';
import { Ignored, ShowAll } from '../panels/from-address.tsx';
import { Keys } from '../panels/keys.tsx';
import { Mathematics } from '../panels/mathematics.tsx';
import { Mistakes } from '../panels/mistakes.tsx';
import { Notes } from '../panels/notes.tsx';
import { SettingsForm } from '../panels/settings.tsx';
import { Timeline } from '../panels/timeline.tsx';
import { Transport } from '../panels/transport.tsx';
import { Units } from '../panels/units.tsx';
import { Write } from '../panels/write.tsx';
import { type Control, shows } from '../state/controls.ts';
import { start } from '../state/start.ts';
import { isLarge, type Stage, shownStage, stage, stageNames } from '../state/view.ts';
import { Column } from './column.tsx';
import { later } from './later.tsx';
import { isNarrow } from './width.ts';

/** Where everything stands. The time is the spine: its slider runs under all that it changes. */
export function Page(): JSX.Element {
  useEffect(() => {
    start();
  }, []);
  // the keyboard walks in the order that the eye sees: with less room what moves comes first, and the settings last
  const order: readonly Place[] = isCompact.value ? ['middle', 'right', 'left'] : ['left', 'middle', 'right'];
  const columns = order.map(name => ({ name, panels: panelsOf(name) })).filter(({ panels }) => panels.length > 0);
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a place in the page, and leaves the address as it is */}
      <a class="skip" href="#main" onClick={skip}>
        Skip to the middle of the page
      </a>
      <Transport />
      <Notes />
      <Ignored />
      <main
        id="main"
        class={[isCompact.value && 'compact', isWriting.value && 'writing'].filter(Boolean).join(' ') || undefined}
      >
        {columns.map(({ name, panels }) => (
          <Column key={name} name={name}>
            {panels}
          </Column>
        ))}
      </main>
      <Keys />
      <ShowAll />
      {shows('timeline') && <Timeline />}
      <Drop />
    </>
  );
}

/** Whoever writes wants to see what they write. */
const isWriting = computed(() => shownStage.value === 'write');

/** Two columns or one in place of three. */
const isCompact = computed(() => isNarrow.value || isLarge.value || isWriting.value);

/** To what the middle of the page shows, past all that stands before it; the address is left as it is. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  const middle = document.querySelector('.column.middle') ?? document.querySelector('main');
  middle?.querySelector<HTMLElement>('.stages [aria-pressed="true"], button, input, [tabindex="0"]')?.focus();
}

type Place = 'left' | 'middle' | 'right';

function panelsOf(column: Place): JSX.Element[] {
  const shown = (panels: Partial<Record<Control, JSX.Element>>): JSX.Element[] =>
    (Object.keys(panels) as Control[]).filter(shows).map(name => panels[name]!);
  switch (column) {
    case 'left':
      return shown({ mathematics: <Mathematics key="mathematics" />, settings: <SettingsForm key="settings" /> });
    case 'middle': {
      const stages = stageNames.filter(shows);
      const now = shownStage.value;
      if (now === undefined) return [];
      return [...(stages.length > 1 ? [<Stages key="stages" stages={stages} now={now} />] : []), theStage(now)];
    }
    case 'right':
      return shown({
        curves: <Curves key="curves" />,
        confusion: <Confusion key="confusion" />,
        mistakes: <Mistakes key="mistakes" />,
      });
  }
}

/** The stages beside the first one come when somebody asks for them. */
const Sample = later('the sample', async () => (await import('../panels/sample.tsx')).Sample);
const Draw = later('the sheet', async () => (await import('../panels/draw.tsx')).Draw);

const theStage = (stage: Stage): JSX.Element =>
  ({
    units: <Units key="units" />,
    sample: <Sample key="sample" />,
    draw: <Draw key="draw" />,
    write: <Write key="write" />,
  })[stage];

const names: Readonly<Record<Stage, string>> = {
  units: 'The hidden units',
  sample: 'Follow one sample',
  draw: 'Draw a digit',
  write: 'Write it yourself',
};

/** What the middle of the page shows. */
function Stages({ stages, now }: { stages: readonly Stage[]; now: Stage }): JSX.Element {
  return (
    <nav class="stages" aria-label="What the middle of the page shows">
      {stages.map(name => (
        <button
          type="button"
          class="button"
          key={name}
          aria-pressed={now === name}
          onClick={({ currentTarget, detail: clicks }) => {
            stage.value = name;
            if (clicks > 0) currentTarget.blur(); // who clicks wants the space bar for playing; who uses keys stays here
          }}
        >
          {names[name]}
        </button>
      ))}
    </nav>
  );
}
