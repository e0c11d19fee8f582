import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { weightColours } from '../page/colours.ts';
import { about, moment } from '../state/trainer.ts';
import { chosenUnit, pointedUnit } from '../state/view.ts';
import './units.css';

/** More tiles than this are too small to be seen. */
const MOST_UNITS = 200;

/** What the hidden units look for: each row of w1 as a picture, and one of them large with its ten weights. */
export function Units(): JSX.Element {
  const hidden = Math.min(about.value?.settings.hidden ?? 0, MOST_UNITS);
  const unit = pointedUnit.value ?? chosenUnit.value;
  return (
    <section class="panel units" aria-labelledby="units">
      <h2 id="units">What the hidden units look for</h2>
      <p class="about">
        Each square is one row of w<sub>1</sub>, drawn where its pixels lie. Point at one to see it large, with the
        digits it speaks for.
      </p>
      <div class="tiles" onPointerLeave={() => (pointedUnit.value = undefined)}>
        {Array.from({ length: hidden }, (_, i) => (
          <button
            type="button"
            key={i}
            aria-label={`unit ${i}`}
            aria-pressed={i === unit}
            onPointerEnter={() => (pointedUnit.value = i)}
            onFocus={() => (chosenUnit.value = i)}
            onClick={() => (chosenUnit.value = i)}
          >
            <Tile unit={i} />
          </button>
        ))}
      </div>
    </section>
  );
}

/** One row of w1 as a picture. */
function Tile({ unit }: { unit: number }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = moment.value;
  useEffect(() => {
    if (shown === undefined || canvas.current === null) return;
    const pen = canvas.current.getContext('2d')!;
    const image = pen.createImageData(28, 28);
    weightColours(shown.parameters.w1.subarray(784 * unit, 784 * (unit + 1)), 0.2, image.data);
    pen.putImageData(image, 0, 0);
  });
  return <canvas ref={canvas} width={28} height={28} />;
}
