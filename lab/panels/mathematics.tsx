import { signal } from '@preact/signals';
import type { JSX, TargetedKeyboardEvent } from 'preact';
import { Formula } from '../sample/formula.tsx';
import { placeByKey } from '../sample/keys.ts';
import { type Axes, type FollowedValue, order, values } from '../sample/values.ts';
import { about } from '../state/trainer.ts';
import { followedValue, shownStage, sight, stage } from '../state/view.ts';
import './mathematics.css';

/** The lines of the practical. */
const lines: readonly FollowedValue[] = order.filter(name => name !== 'x0' && name !== 't');
/** The line that Tab comes to. */
const reached = signal(0);

/** The practical's mathematics, a line each; a line is a door to its numbers. */
export function Mathematics(): JSX.Element {
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const to = placeByKey(event.key, reached.value, lines.length, 1);
    if (to === undefined) return;
    event.preventDefault();
    reached.value = to;
    event.currentTarget.querySelectorAll('button')[to]!.focus();
  };
  return (
    <section class="panel mathematics" aria-labelledby="mathematics">
      <h2 id="mathematics">The mathematics</h2>
      <p class="about">One sample, forward and back. Choose a line to follow it with its numbers.</p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrows lead from line to line */}
      <div onKeyDown={onKeyDown}>
        <Lines name="Forward" of="forward" />
        <Lines name="Back, by the chain rule" of="back" />
        <Lines name="What the sample adds to the sums" of="sums" />
      </div>
    </section>
  );
}

function Lines({ name, of }: { readonly name: string; readonly of: 'forward' | 'back' | 'sums' }): JSX.Element {
  return (
    <>
      <h3>{name}</h3>
      <ul>{lines.map((line, i) => values[line].way === of && <Door key={line} line={line} place={i} />)}</ul>
    </>
  );
}

function Door({ line, place }: { readonly line: FollowedValue; readonly place: number }): JSX.Element {
  const { formula, spoken, axes } = values[line];
  const shape = shapeOf(axes);
  const isOpen = shownStage.value === 'sample' && followedValue.value === line;
  return (
    <li>
      <button
        type="button"
        aria-current={isOpen ? 'true' : undefined}
        tabIndex={place === reached.value ? 0 : -1}
        onFocus={() => (reached.value = place)}
        onClick={event => {
          followedValue.value = line;
          stage.value = 'sample';
          sight.value = { focus: event.detail === 0 };
        }}
      >
        <span class="math" aria-hidden="true">
          <Formula of={formula} />
        </span>
        <span class="number" aria-hidden="true">
          {shape}
        </span>
        <span class="hidden-text">
          {spoken}; {shape.replace('×', ' by ')} {shape === '1' ? 'number' : 'numbers'}
        </span>
      </button>
    </li>
  );
}

function shapeOf(axes: Axes): string {
  const H = about.value?.settings.hidden ?? 50;
  const C = about.value?.classes ?? 10;
  const D = (about.value?.inputShape ?? [1, 28, 28]).reduce((product, length) => product * length, 1);
  return {
    pixel: `${D}`,
    unit: `${H}`,
    class: `${C}`,
    'unit × pixel': `${H}×${D}`,
    'class × unit': `${C}×${H}`,
    none: '1',
  }[axes];
}
