import { computed, effect, untracked, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { palette } from '../page/colours.ts';
import { gridKey } from '../page/grid-keys.ts';
import { useVisible } from '../page/visible.ts';
import { fullW1, fullW2 } from '../state/scales.ts';
import { moment } from '../state/trainer.ts';
import { chosenUnit, pointedUnit } from '../state/view.ts';
import { paintUnit } from './paint-unit.ts';
import { namedStep, signed, stepName } from './scale.ts';
import { MOST_TILES } from './tiles.ts';

/** The unit that is shown large. */
const shownUnit = computed(() => pointedUnit.value ?? chosenUnit.value);
const hidden = computed(() => moment.value?.parameters.b1.length ?? 0);
const classes = computed(() => moment.value?.parameters.b2.length ?? 0);
const bias = computed(() => {
  const value = moment.value?.parameters.b1[shownUnit.value] ?? 0;
  return signed(value, namedStep(Math.abs(value)));
});

/** One unit large: its weights pixel by pixel, and what it says to the classes. */
export function Unit(): JSX.Element {
  return (
    <div class="unit">
      <Picture />
      <div>
        <header>
          <h3>Unit {shownUnit}</h3>
          {hidden.value > MOST_TILES && (
            <label>
              look at unit{' '}
              <input
                type="number"
                min={0}
                max={hidden.value - 1}
                value={chosenUnit.value}
                onInput={({ currentTarget: { valueAsNumber: unit } }) => {
                  if (Number.isInteger(unit) && unit >= 0 && unit < hidden.value) chosenUnit.value = unit;
                }}
              />
            </label>
          )}
          <span class="bias">
            <span class="math">
              b<sub>1</sub>
            </span>{' '}
            = <span class="number">{bias}</span>
          </span>
        </header>
        <Voices />
      </div>
    </div>
  );
}

/** The pixel at which the arrow keys begin. */
const MIDDLE = 28 * 14 + 14;

/** The weights of the unit as a picture of 28 × 28, and the one under the pointer or the arrow keys. */
function Picture(): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isVisible = useVisible(canvas);
  const pixel = useSignal<number | undefined>(undefined);
  useSignalEffect(() => {
    void palette.value;
    const w1 = moment.value?.parameters.w1;
    if (isVisible.value && w1 !== undefined) paintUnit(canvas.current!, shownUnit.value, w1);
  });
  const words = useRef<HTMLParagraphElement>(null);
  useSignalEffect(() => {
    words.current!.textContent = wordsFor(pixel.value);
  });
  const at = pixel.value;
  const point = ({ offsetX, offsetY, currentTarget }: PointerEvent & { currentTarget: HTMLDivElement }): void => {
    const { clientWidth, clientHeight } = currentTarget;
    const [row, column] = [(28 * offsetY) / clientHeight, (28 * offsetX) / clientWidth].map(Math.floor);
    pixel.value = row! >= 0 && row! < 28 && column! >= 0 && column! < 28 ? 28 * row! + column! : undefined;
  };
  return (
    <div class="picture">
      <div
        class="pixels"
        role="slider"
        tabIndex={0}
        aria-label="A pixel of the large unit; the arrow keys go to its neighbours"
        aria-valuemin={0}
        aria-valuemax={783}
        aria-valuenow={at ?? 0}
        aria-valuetext={untracked(() => wordsFor(at))}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={({ pointerType }) => {
          if (pointerType === 'mouse') pixel.value = undefined;
        }}
        onFocus={({ currentTarget }) => {
          if (currentTarget.matches(':focus-visible')) pixel.value ??= MIDDLE;
        }}
        onBlur={() => {
          pixel.value = undefined;
        }}
        onKeyDown={event => {
          const to = gridKey(event, pixel.peek() ?? MIDDLE, 784, 28);
          if (to === undefined) return;
          event.preventDefault();
          pixel.value = to;
        }}
      >
        <canvas ref={canvas} width={28} height={28} />
        {at !== undefined && (
          <i style={{ top: `${(100 * Math.floor(at / 28)) / 28}%`, left: `${(100 * (at % 28)) / 28}%` }} />
        )}
      </div>
      <p ref={words} class="number" />
    </div>
  );
}

/** Where a pixel lies and the weight that it has at this moment. */
function wordsFor(pixel: number | undefined): string {
  if (pixel === undefined) return 'choose a pixel: its weight';
  const weight = moment.value?.parameters.w1[784 * shownUnit.value + pixel] ?? 0;
  return `row ${Math.floor(pixel / 28)}, column ${pixel % 28}: ${signed(weight, fullW1.value)}`;
}

/** The column of w2 that belongs to the unit: what it speaks for, and against. */
function Voices(): JSX.Element {
  const table = useRef<HTMLTableElement>(null);
  const isVisible = useVisible(table);
  // a layout effect ends when the page is without what it writes into, and no moment later
  useLayoutEffect(() => {
    const bars = [...table.current!.querySelectorAll<HTMLElement>('.bar')];
    const numbers = [...table.current!.querySelectorAll<HTMLElement>('td.number')];
    return effect(() => {
      const shown = moment.value?.parameters;
      if (!isVisible.value || shown === undefined) return;
      const full = fullW2.value;
      const units = shown.b1.length;
      for (const [i, bar] of bars.entries()) {
        const weight = shown.w2[i * units + shownUnit.value] ?? 0;
        const length = Math.max(-1, Math.min(1, weight / full));
        bar.style.transform = `scaleX(${Number.isFinite(length) ? length : 0})`;
        bar.classList.toggle('less', weight < 0);
        bar.classList.toggle('beyond', Math.abs(weight) > full);
        numbers[i]!.textContent = signed(weight, full);
      }
    });
  }, [classes.value]);
  return (
    <>
      <p class="about">
        What it says for (+) and against (−) each digit: its weights in w<sub>2</sub>, a full bar{' '}
        <span class="number">±{stepName(fullW2.value)}</span>.
      </p>
      <table ref={table} class="voices" style={{ '--wide': `${signed(-fullW2.value, fullW2.value).length}ch` }}>
        <caption class="hidden-text">The weights from the unit to each digit</caption>
        <tbody>
          {Array.from({ length: classes.value }, (_, digit) => (
            <tr key={digit}>
              <th scope="row" class="number">
                {digit}
              </th>
              <td aria-hidden="true">
                <div class="bar" />
              </td>
              <td class="number" />
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
