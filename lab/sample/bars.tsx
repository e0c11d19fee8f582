import type { JSX, TargetedKeyboardEvent } from 'preact';
import { alike, sizeOf } from './figures.ts';
import { placeByKey } from './keys.ts';

/** Ten numbers as bars to the left and to the right, with what there is to say of each. */
export function Bars({
  label,
  numbers,
  full,
  chosen,
  onChoose,
  noteOf,
}: {
  readonly label: string;
  readonly numbers: ArrayLike<number>;
  readonly full: number;
  readonly chosen: number;
  readonly onChoose: (place: number) => void;
  readonly noteOf: (place: number) => string;
}): JSX.Element {
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const to = placeByKey(event.key, chosen, numbers.length, 1);
    if (to === undefined) return;
    event.preventDefault();
    onChoose(to);
    (event.currentTarget.children[to] as HTMLElement).focus();
  };
  const inFigures = alike(sizeOf(numbers));
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset, which is of a form
    <div class="bars" role="group" aria-label={label} onKeyDown={onKeyDown}>
      {Array.from(numbers, (number, place) => {
        const share = `${Math.min(50, (50 * Math.abs(number)) / full) || 0}%`;
        return (
          <button
            type="button"
            key={place}
            tabIndex={place === chosen ? 0 : -1}
            aria-pressed={place === chosen}
            onClick={() => onChoose(place)}
          >
            <span class="number">{place}</span>
            <span class="bar" aria-hidden="true">
              <span class={number < 0 ? 'less' : 'more'} style={{ width: share }} />
            </span>
            <span class="number">{inFigures(number)}</span>
            <small>{noteOf(place)}</small>
          </button>
        );
      })}
    </div>
  );
}
