import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { scrollTo } from '../page/column.tsx';
import { isNarrow } from '../page/width.ts';
import { seen, way } from '../state/followed.ts';
import { followedValue, sight } from '../state/view.ts';
import { Entries } from './entries.tsx';
import { figure } from './figures.ts';
import { Formula } from './formula.tsx';
import { nameInWords, shapeText } from './path.tsx';
import { type FollowedValue, order, values } from './values.ts';
import type { Way } from './way.ts';
import { WeightCard } from './weight-card.tsx';

/** The value that is open: what it is, its numbers, the line that computed it, and one entry of it worked out. */
export function OpenValue(): JSX.Element {
  const name = followedValue.value;
  const { formula, spoken, tells } = values[name];
  const here = way.value;
  const place = order.indexOf(name);
  const panel = useRef<HTMLDivElement>(null);
  const wish = sight.value;
  const isThere = here !== undefined;
  useEffect(() => {
    if (wish === undefined || !isThere) return;
    sight.value = undefined;
    bringIntoSight(panel.current!);
    if (wish.focus) panel.current!.focus({ preventScroll: true });
  }, [wish, isThere]);
  return (
    <div ref={panel} class="open-value" id="open-value" role="tabpanel" aria-labelledby={`way-${name}`} tabIndex={-1}>
      <header>
        <h3>
          <span class="math" aria-hidden="true">
            <Formula of={formula} />
          </span>
          <span class="hidden-text">{spoken}</span>
          {here !== undefined && (
            <small class="number" title="its shape">
              {shapeText(here[name].shape)}
            </small>
          )}
        </h3>
        <Neighbour name={order[place - 1]} says="‹" where="back to" />
        <Neighbour name={order[place + 1]} says="›" where="on to" />
      </header>
      <p class="about">{tells}</p>
      <ul class="code">
        {(here?.[name].lines ?? []).map(({ file, line, text }) => (
          <li key={line}>
            <small>
              {file}:{line}
            </small>
            <code>{text}</code>
          </li>
        ))}
      </ul>
      {here !== undefined && <Held name={name} way={here} />}
      {here !== undefined && seen.value !== undefined && (
        <>
          <Entries name={name} way={here} network={seen.value.parameters} />
          {values[name].way === 'sums' && <WeightCard way={here} network={seen.value.parameters} />}
        </>
      )}
    </div>
  );
}

/** How a value that a learner's functions have computed compares with what the formula gives of their values before it. */
function Held({ name, way }: { name: FollowedValue; way: Way }): JSX.Element | null {
  const { own, numbers } = way[name];
  if (own === undefined) return null;
  if (own.says !== undefined) return <p class="held missing">The formula’s numbers stand here: {own.says}.</p>;
  const [first] = own.differs;
  if (first === undefined)
    return (
      <p class="held">
        ✓ Your <code>{own.name}</code> is what the formula gives of your values before it.
      </p>
    );
  return (
    <p class="held wrong">
      ✗ Your <code>{own.name}</code> is not what the formula gives of your values before it:{' '}
      {own.differs.length.toLocaleString('en')} of {numbers.length.toLocaleString('en')} numbers are others. Number{' '}
      {first} is <span class="number">{figure(numbers[first]!)}</span>, by the formula{' '}
      <span class="number">{figure(own.expected[first]!)}</span>.
    </p>
  );
}

function bringIntoSight(element: HTMLElement): void {
  const { top } = element.getBoundingClientRect();
  if (top > 60 && top < 0.75 * innerHeight) return; // its heading and more of it is seen: nothing jumps
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
  const edge = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  // beside other columns no further than need be: the line of the mathematics that led here stays in sight
  const line = document.activeElement?.closest('.mathematics button')?.getBoundingClientRect().top ?? Infinity;
  if (top > 60 && !isNarrow.value) scrollBy({ top: Math.min(top - innerHeight / 2, line - edge), behavior });
  else scrollTo(element, { behavior });
}

function Neighbour({
  name,
  says,
  where,
}: {
  name: FollowedValue | undefined;
  says: string;
  where: string;
}): JSX.Element {
  return (
    <button
      type="button"
      class="button"
      disabled={name === undefined}
      aria-label={name === undefined ? `${where} nothing more` : `${where} ${nameInWords(name)}`}
      onClick={() => (followedValue.value = name!)}
    >
      {says}
    </button>
  );
}
