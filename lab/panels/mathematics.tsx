import { signal } from '@preact/signals';
import type { JSX, TargetedKeyboardEvent } from 'preact';
import { plain } from '../sample/figures.ts';
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
        <Lines name="Backpropagation: back, by the chain rule" of="back" />
        <Lines name="What the sample adds to the sums" of="sums" />
      </div>
      <Letters />
    </section>
  );
}

/** What every letter and sign stands for. */
function Letters(): JSX.Element {
  const { hidden = 50, targets = '01' } = about.value?.settings ?? {};
  const { mean, std } = about.value?.normalisation ?? { mean: 0, std: 1 };
  const brightness = (pixel: number) => plain(Number(((pixel - mean) / std).toFixed(1)));
  const letters: readonly (readonly [letters: string, meaning: string])[] = [
    [
      'x_0',
      `the picture: the brightnesses of its ${shapeOf('pixel')} pixels, normalised (${brightness(0)} for paper, ${brightness(255)} for full ink)`,
    ],
    [
      'w_1, b_1',
      `weights and biases of the ${hidden.toLocaleString('en')} hidden units, which lie between picture and answer`,
    ],
    ['w_2, b_2', 'weights and biases of the ten outputs'],
    ['s_1, s_2', 'the sums that a layer makes: weights times what comes in, plus the bias'],
    ['x_1, x_2', 'what a layer answers: tanh of its sums; x_2 is the network’s answer'],
    ['σ, σ′', 'σ is tanh, σ′ its slope: 1 in the middle, almost 0 where tanh is flat'],
    [
      't',
      `the target, which the answer should be: ζ for the right digit, ${targets === 'pm1' ? '−ζ' : '0'} for the others`,
    ],
    ['ℓ', 'the loss of this one sample: how wrong its answer is. The curve adds up those of all training samples'],
    [
      '∂ℓ/∂s_1',
      'how much the loss changes with s_1: its gradient. A step goes against the gradients of weights and biases',
    ],
    ['‖ ‖', 'the length of a vector: the root of the sum of its squares'],
    ['⊙', 'times, entry by entry'],
    ['w_2^T', 'w_2 with rows and columns swapped; a vector that stands up becomes one that lies down'],
  ];
  return (
    <details class="letters">
      <summary>What the letters mean</summary>
      <dl>
        {letters.map(([letters, meaning]) => (
          <div key={letters}>
            <dt class="math">
              <Formula of={letters} />
            </dt>
            <dd>{meaning.split(/(\w_\d)/).map((part, i) => (i % 2 === 0 ? part : <Formula key={i} of={part} />))}</dd>
          </div>
        ))}
      </dl>
    </details>
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
