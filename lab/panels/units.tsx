import { computed, effect, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { paintWeights, palette } from '../page/colours.ts';
import { gridKey } from '../page/grid-keys.ts';
import { useVisible } from '../page/visible.ts';
import { fullW1, isFarBelow, wholeRun } from '../state/scales.ts';
import { landmarks, moment } from '../state/trainer.ts';
import { chosenUnit, hasFixedScale, pointedUnit } from '../state/view.ts';
import { paintUnit } from './paint-unit.ts';
import { stepName } from './scale.ts';
import { columnsFor, MARGIN, MOST_TILES, PITCH } from './tiles.ts';
import { Unit } from './unit.tsx';
import './units.css';

const hidden = computed(() => moment.value?.parameters.b1.length ?? 0);

/** Whether the moment lies on the plateau, as far as that is known. */
const isOnPlateau = computed(() => {
  const began = landmarks.value.find(({ kind }) => kind === 'plateau');
  const over = landmarks.value.find(({ kind }) => kind === 'plateau over');
  return began !== undefined && (moment.value?.step ?? 0) <= (over?.step ?? Infinity);
});

/** What the hidden units look for: each row of w1 as a picture, and one of them large with its ten weights. */
export function Units(): JSX.Element {
  useSignalEffect(() => {
    if (hidden.value > 0 && chosenUnit.value >= hidden.value) chosenUnit.value = hidden.value - 1;
    if (pointedUnit.value !== undefined && pointedUnit.value >= hidden.value) pointedUnit.value = undefined;
  });
  useEffect(() => forgetPointed, []);
  return (
    <section class="panel units" aria-labelledby="units">
      <h2 id="units">What the hidden units look for</h2>
      <p class="about">
        Each square is one unit: its weights w<sub>1</sub>, each where its pixel is, all on one scale.{' '}
        {hasFixedScale.value && isFarBelow.value
          ? 'Nearly all weights are below 1% of this scale now: that of the moment shows them.'
          : isOnPlateau.value && !hasFixedScale.value
            ? 'The loss stands still, and yet they take shape: look how the scale grows.'
            : 'Choose one to see what it says to each digit.'}
      </p>
      <Tiles />
      <Legend />
      <Unit />
    </section>
  );
}

const forgetPointed = (): void => {
  pointedUnit.value = undefined;
};

/** All units side by side, on one canvas; above each stands the radio button that chooses it. */
function Tiles(): JSX.Element {
  const tiles = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const isVisible = useVisible(tiles);
  const width = useSignal(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      width.value = entry!.contentRect.width;
    });
    observer.observe(tiles.current!.parentElement!);
    return () => observer.disconnect();
  }, []);

  const count = Math.min(hidden.value, MOST_TILES);
  const columns = useComputed(() => columnsFor(width.value, Math.min(hidden.value, MOST_TILES))).value;
  const rows = Math.ceil(count / columns);
  /** The last two that were pointed at: one grows while the other shrinks. */
  const lenses = useRef<readonly number[]>([]);
  const pointed = pointedUnit.value;
  if (pointed !== undefined && pointed !== lenses.current[0]) lenses.current = [pointed, ...lenses.current.slice(0, 1)];

  // a layout effect ends when the page is without what it writes into, and no moment later
  useLayoutEffect(() => {
    if (count === 0 || width.value === 0) return;
    const pen = canvas.current!.getContext('2d')!;
    const image = pen.createImageData(PITCH * columns, PITCH * rows);
    const pixels = new Uint32Array(image.data.buffer);
    return effect(() => {
      void palette.value;
      const w1 = moment.value?.parameters.w1;
      if (!isVisible.value || w1 === undefined || w1.length < 784 * count) return;
      for (let unit = 0; unit < count; unit++) {
        const row = Math.floor(unit / columns) * PITCH + MARGIN;
        const start = row * image.width + (unit % columns) * PITCH + MARGIN;
        paintWeights(w1.subarray(784 * unit, 784 * (unit + 1)), fullW1.value, pixels, image.width, start);
      }
      pen.putImageData(image, 0, 0);
      paintLenses(tiles.current!, w1);
    });
  }, [count, columns, width.value > 0]);
  useEffect(() => {
    const shown = moment.peek();
    if (shown !== undefined) paintLenses(tiles.current!, shown.parameters.w1);
  });

  const point = ({ target }: PointerEvent): void => {
    const tile = (target as Element).closest<HTMLElement>('[data-unit]');
    pointedUnit.value = tile === null ? undefined : Number(tile.dataset.unit);
  };
  const move = (event: KeyboardEvent): void => {
    const to = gridKey(event, Number((event.target as HTMLInputElement).value), count, columns);
    if (to === undefined) return;
    event.preventDefault();
    chosenUnit.value = to;
    tiles.current!.querySelectorAll('input')[to]!.focus();
  };
  const share = (at: number, of: number) => (of > 1 ? `${(100 * at) / (of - 1)}%` : '50%');
  return (
    <>
      <div
        class="tiles"
        ref={tiles}
        role="radiogroup"
        aria-label="Hidden units"
        style={{ '--columns': columns }}
        onPointerOver={point}
        onPointerLeave={forgetPointed}
        onKeyDown={move}
      >
        <canvas ref={canvas} width={PITCH * columns} height={PITCH * Math.max(1, rows)} />
        {Array.from({ length: count }, (_, unit) => (
          <label key={unit} data-unit={unit} class={unit === pointed ? 'grown' : ''}>
            <input
              type="radio"
              name="unit"
              value={unit}
              aria-label={`unit ${unit}`}
              checked={unit === chosenUnit.value}
              onChange={() => (chosenUnit.value = unit)}
              onFocus={({ currentTarget }) => {
                if (currentTarget.matches(':focus-visible')) pointedUnit.value = unit;
              }}
              onBlur={forgetPointed}
            />
            {lenses.current.includes(unit) && (
              <canvas
                class="lens"
                width={28}
                height={28}
                data-lens={unit}
                style={{
                  transformOrigin: `${share(unit % columns, columns)} ${share(Math.floor(unit / columns), rows)}`,
                }}
              />
            )}
          </label>
        ))}
      </div>
      {hidden.value > MOST_TILES && (
        <p class="about">
          These are the first {MOST_TILES} of {hidden.value.toLocaleString('en')}; any other can be seen below, by its
          number.
        </p>
      )}
    </>
  );
}

/** Paints the tiles that stand out, or did. */
function paintLenses(tiles: HTMLElement, w1: Float32Array): void {
  for (const lens of tiles.querySelectorAll<HTMLCanvasElement>('canvas.lens'))
    paintUnit(lens, Number(lens.dataset.lens), w1);
}

/** Which colour is which weight, and whether that may change. */
function Legend(): JSX.Element {
  const name = stepName(fullW1.value);
  return (
    <div class="legend">
      <span>full colour at</span>
      <span class="number">−{name}</span>
      <span class="ramp" />
      <span class="number">+{name}</span>
      <label>
        <input
          type="checkbox"
          checked={hasFixedScale.value}
          onChange={({ currentTarget }) => (hasFixedScale.value = currentTarget.checked)}
        />
        <span>
          same for the whole run (<span class="number">±{stepName(wholeRun.w1.value)}</span>)
        </span>
      </label>
    </div>
  );
}
