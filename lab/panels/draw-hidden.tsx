import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { loudest, type Tiles, tilesFor, unitAt } from '../drawing/tiles.ts';
import { nameOf, signed } from '../drawing/words.ts';
import { inks } from '../page/colours.ts';
import { gridKey } from '../page/grid-keys.ts';
import { useVisible } from '../page/visible.ts';
import { answer } from '../state/drawing.ts';
import { about } from '../state/trainer.ts';
import { chosenUnit, pointedUnit } from '../state/view.ts';

/** How many of the units that speak for the answer are named. */
const NAMED = 4;

/** What each hidden unit answers, x1, and which of them make the answer what it is. */
export function DrawnUnits(): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useSignal(0);
  const isVisible = useVisible(canvas);
  const units = useComputed(() => about.value?.settings.hidden ?? 0);
  const tiles = useComputed(() => tilesFor(units.value, Math.max(1, width.value)));

  useEffect(() => {
    const resized = new ResizeObserver(([entry]) => (width.value = Math.floor(entry!.contentRect.width)));
    resized.observe(canvas.current!.parentElement!);
    return () => {
      resized.disconnect();
      pointedUnit.value = undefined;
    };
  }, []);

  useSignalEffect(() => {
    const pen = canvas.current?.getContext('2d');
    if (!pen || width.value === 0 || !isVisible.value) return;
    const read = answer.value;
    paint(pen, tiles.value, units.value, read.kind === 'reading' ? read.reading : undefined, pointedUnit.value);
  });

  const read = answer.value;
  const unit = Math.min(pointedUnit.value ?? chosenUnit.value, Math.max(0, units.value - 1));
  const x1 = read.kind === 'reading' ? read.reading.x1[unit] : undefined;
  const choose = (next: number) => (chosenUnit.value = pointedUnit.value = next);
  return (
    <div class="answering">
      <div>
        <h3>The hidden units that answer</h3>
        <p class="how">
          A square for each unit’s <i>x</i>
          <sub>1</sub>, the larger the nearer to ±1: full is +, hollow is −. Ringed are those that say most for the
          answer. Choose one, and its weights lie under the drawing.
        </p>
        <div>
          {/* the tiles as one stop of the Tab key, along which the arrow keys lead */}
          <canvas
            ref={canvas}
            tabIndex={0}
            role="slider"
            aria-label="Hidden unit"
            aria-valuemin={0}
            aria-valuemax={Math.max(0, units.value - 1)}
            aria-valuenow={unit}
            aria-valuetext={`unit ${unit}${x1 === undefined ? '' : `: x1 is ${signed(x1)}`}`}
            onPointerMove={({ offsetX, offsetY }) =>
              (pointedUnit.value = unitAt(tiles.value, units.value, offsetX, offsetY))
            }
            onPointerLeave={() => (pointedUnit.value = undefined)}
            onClick={({ offsetX, offsetY }) => {
              const clicked = unitAt(tiles.value, units.value, offsetX, offsetY);
              if (clicked !== undefined) choose(clicked);
            }}
            onFocus={event => event.currentTarget.matches(':focus-visible') && choose(unit)}
            onBlur={() => (pointedUnit.value = undefined)}
            onKeyDown={event => {
              const next = gridKey(event, unit, units.value, tiles.value.columns);
              if (next === undefined) return;
              choose(next);
              event.preventDefault();
            }}
          />
        </div>
      </div>
      <Sum />
    </div>
  );
}

/** How the answer's response comes about: the loudest units, the rest, b2, and tanh of all. */
function Sum(): JSX.Element | null {
  const read = answer.value;
  const dataset = about.value?.settings.dataset ?? 'mnist';
  if (read.kind !== 'reading' || !read.reading.responses.every(Number.isFinite)) return null;
  const { says, x1, sum, bias, class: best, responses } = read.reading;
  const named = loudest(says, NAMED);
  const pointed = pointedUnit.value;
  const shown =
    pointed === undefined || pointed >= says.length || named.some(({ unit }) => unit === pointed)
      ? named
      : [...named, { unit: pointed, says: says[pointed]! }];
  const rest = sum - bias - shown.reduce((all, { says }) => all + says, 0);
  return (
    <table class="sum">
      <caption>Why it says {nameOf(best, dataset)}</caption>
      <thead>
        <tr>
          <th scope="col">unit</th>
          <th scope="col">
            <i>x</i>
            <sub>1</sub>
          </th>
          <th scope="col">
            <i>w</i>
            <sub>2</sub>
          </th>
          <th scope="col">product</th>
        </tr>
      </thead>
      <tbody class="number">
        {shown.map(({ unit, says }) => (
          <tr
            key={unit}
            class={unit === pointed ? 'is-pointed' : undefined}
            onPointerEnter={() => (pointedUnit.value = unit)}
            onPointerLeave={() => (pointedUnit.value = undefined)}
          >
            <th scope="row">{unit}</th>
            <td>{signed(x1[unit]!)}</td>
            <td>{signed(x1[unit] === 0 ? 0 : says / x1[unit]!)}</td>
            <td>{signed(says)}</td>
          </tr>
        ))}
        <tr>
          <th scope="row" colSpan={3}>
            the others together
          </th>
          <td>{signed(rest)}</td>
        </tr>
        <tr>
          <th scope="row" colSpan={3}>
            <i>b</i>
            <sub>2</sub>
          </th>
          <td>{signed(bias)}</td>
        </tr>
      </tbody>
      <tfoot class="number">
        <tr>
          <th scope="row" colSpan={3}>
            <i>s</i>
            <sub>2</sub>, all of it
          </th>
          <td>{signed(sum)}</td>
        </tr>
        <tr class="is-answer">
          <th scope="row" colSpan={3}>
            <i>x</i>
            <sub>2</sub> = tanh <i>s</i>
            <sub>2</sub>
          </th>
          <td>{signed(responses[best]!)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function paint(
  pen: CanvasRenderingContext2D,
  { columns, rows, side }: Tiles,
  units: number,
  reading: { readonly x1: Float32Array; readonly says: Float32Array } | undefined,
  pointed: number | undefined,
): void {
  const sharp = devicePixelRatio;
  const [w, h] = [columns * side, rows * side];
  const { canvas } = pen;
  if (canvas.width !== Math.round(w * sharp) || canvas.height !== Math.round(h * sharp)) {
    canvas.width = Math.round(w * sharp);
    canvas.height = Math.round(h * sharp);
    canvas.style.width = `${w}px`;
    canvas.style.height = `${h}px`;
  }
  const { ink, less, more } = inks.value;
  pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  pen.clearRect(0, 0, w, h);
  const gap = side >= 12 ? 2 : 1;
  const ringed = new Set(reading === undefined ? [] : loudest(reading.says, NAMED).map(({ unit }) => unit));
  for (let unit = 0; unit < units; unit++) {
    const [x, y] = [(unit % columns) * side, Math.floor(unit / columns) * side];
    const tile = side - gap;
    pen.fillStyle = ink;
    pen.globalAlpha = 0.07;
    pen.fillRect(x, y, tile, tile);
    pen.globalAlpha = 1;
    const x1 = reading?.x1[unit] ?? 0;
    const full = (tile - 4) * Math.sqrt(Math.min(1, Math.abs(x1)));
    if (full > 0.5) {
      const at = (tile - full) / 2;
      if (x1 > 0) {
        pen.fillStyle = more;
        pen.fillRect(x + at, y + at, full, full);
      } else {
        const line = Math.min(full / 2, Math.max(1, full / 5));
        pen.strokeStyle = less;
        pen.lineWidth = line;
        pen.strokeRect(x + at + line / 2, y + at + line / 2, full - line, full - line);
      }
    }
    if (ringed.has(unit) || unit === pointed) {
      pen.strokeStyle = ink;
      pen.lineWidth = unit === pointed ? 2.5 : 1.5;
      pen.strokeRect(x + 0.75, y + 0.75, tile - 1.5, tile - 1.5);
    }
  }
}
