import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { boxAround } from '../../src/picture/box.ts';
import { BOX, centreOfMass, SIDE } from '../../src/picture/mnist-layout.ts';
import type { Form } from '../drawing/reader.ts';
import { areDigits, nameOf, preparationInWords, signed } from '../drawing/words.ts';
import { inks, weightColours } from '../page/colours.ts';
import { useVisible } from '../page/visible.ts';
import { answer, form } from '../state/drawing.ts';
import { fullW1 } from '../state/scales.ts';
import { about, moment } from '../state/trainer.ts';
import { pointedUnit } from '../state/view.ts';
import { stepName } from './scale.ts';

/** Screen pixels to a pixel of the image, at least; the canvas is made larger by the style sheet. */
const SCALE = 12;
/** The 28 × 28 that the network is shown, and how the drawing was brought to them. */
export function Prepared(): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const isVisible = useVisible(canvas);
  const areMarked = useSignal(true);
  const read = answer.value;
  const dataset = about.value?.settings.dataset ?? 'mnist';
  const caption = useSignal('');
  const other = read.kind === 'reading' ? read.reading.other : undefined;

  useSignalEffect(() => {
    const pen = canvas.current?.getContext('2d');
    if (!pen || !isVisible.value) return;
    const read = answer.value;
    const unit = pointedUnit.value;
    pen.clearRect(0, 0, SIDE * SCALE, SIDE * SCALE);
    caption.value = '28 × 28 pixels';
    if (read.kind !== 'reading') return;
    const { pixels } = read.reading;
    const { ink, card } = inks.value;
    const weights = unit === undefined ? undefined : moment.value?.parameters.w1.subarray(784 * unit, 784 * (unit + 1));
    if (weights?.length === 784) {
      const full = fullW1.value;
      paintWeightsUnderInk(pen, weights, full, pixels, ink);
      caption.value = `and the weights of unit ${unit}: full colour from ±${stepName(full)}`;
    } else {
      paintPixels(pen, pixels, ink);
      const isDigit = areDigits(about.value?.settings.dataset ?? 'mnist');
      if (areMarked.value && isDigit && pixels.some(v => v > 0)) mark(pen, pixels, read.reading.form, ink, card);
    }
  });

  return (
    <div class="prepared">
      <h3>What the network is shown</h3>
      <div class="beside">
        <canvas
          ref={canvas}
          width={SIDE * SCALE}
          height={SIDE * SCALE}
          role="img"
          aria-label={
            read.kind === 'reading'
              ? 'The drawing in 28 by 28 pixels, as the network is shown it'
              : 'Nothing is shown to the network yet'
          }
        />
        <div>
          <p class="caption">{caption}</p>
          {other !== undefined && (
            <p class="other">
              {other.form === 'mnist' ? 'In MNIST’s form' : 'Merely shrunk'} it would be{' '}
              <b>{nameOf(other.class, dataset)}</b>, with <span class="number">{signed(other.response)}</span>.
            </p>
          )}
        </div>
      </div>
      <fieldset>
        <legend class="hidden-text">The form in which the network is shown the drawing</legend>
        <label>
          <input
            type="radio"
            name="form"
            disabled={!areDigits(dataset)}
            checked={areDigits(dataset) && form.value === 'mnist'}
            onChange={() => (form.value = 'mnist')}
          />
          in MNIST’s form
        </label>
        <label>
          <input
            type="radio"
            name="form"
            disabled={!areDigits(dataset)}
            checked={!areDigits(dataset) || form.value === 'shrunk'}
            onChange={() => (form.value = 'shrunk')}
          />
          merely shrunk
        </label>
        <label>
          <input
            type="checkbox"
            disabled={!areDigits(dataset)}
            checked={areMarked.value && areDigits(dataset)}
            onChange={event => (areMarked.value = event.currentTarget.checked)}
          />
          mark box and centre of mass
        </label>
      </fieldset>
      <p class="how">{preparationInWords(form.value, dataset)}</p>
      <Numbers />
    </div>
  );
}

/** The pixels as numbers, for whoever wants them. */
function Numbers(): JSX.Element {
  const isOpen = useSignal(false);
  const read = answer.value;
  return (
    <details onToggle={event => (isOpen.value = event.currentTarget.open)}>
      <summary>As 784 numbers</summary>
      {isOpen.value && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so with the keyboard too
        <section tabIndex={0} aria-label="The pixels, row by row, 0 to 255">
          <pre class="number">{read.kind === 'reading' ? inRows(read.reading.pixels) : 'Nothing is drawn yet.'}</pre>
        </section>
      )}
    </details>
  );
}

const inRows = (pixels: Uint8Array): string =>
  Array.from({ length: SIDE }, (_, row) =>
    Array.from(pixels.subarray(SIDE * row, SIDE * (row + 1)), v => String(v).padStart(3)).join(' '),
  ).join('\n');

function paintPixels(pen: CanvasRenderingContext2D, pixels: Uint8Array, ink: string): void {
  pen.fillStyle = ink;
  for (const [p, grey] of pixels.entries()) {
    if (grey === 0) continue;
    pen.globalAlpha = grey / 255;
    pen.fillRect((p % SIDE) * SCALE, Math.floor(p / SIDE) * SCALE, SCALE, SCALE);
  }
  pen.globalAlpha = 1;
}

/** A unit's weights where they lie, and on them the drawing: a square of ink, the larger the more there is. */
function paintWeightsUnderInk(
  pen: CanvasRenderingContext2D,
  weights: Float32Array,
  full: number,
  pixels: Uint8Array,
  ink: string,
): void {
  const colours = new Uint8ClampedArray(4 * weights.length);
  weightColours(weights, full, colours);
  for (const [p, grey] of pixels.entries()) {
    const [x, y] = [(p % SIDE) * SCALE, Math.floor(p / SIDE) * SCALE];
    pen.fillStyle = `rgb(${colours[4 * p]} ${colours[4 * p + 1]} ${colours[4 * p + 2]})`;
    pen.fillRect(x, y, SCALE, SCALE);
    if (grey === 0) continue;
    const side = 0.5 * SCALE * Math.sqrt(grey / 255);
    pen.fillStyle = ink;
    pen.fillRect(x + (SCALE - side) / 2, y + (SCALE - side) / 2, side, side);
  }
}

/**
 * The box of 20 × 20 that the digit fills in its longer direction, the middle of the image, and the centre of mass. In a
 * drawing that is merely shrunk it is the box in the middle: there the digit should be, and is not.
 */
function mark(pen: CanvasRenderingContext2D, pixels: Uint8Array, form: Form, ink: string, card: string): void {
  const box = boxAround(pixels, SIDE, SIDE);
  const middle = (SIDE - BOX) / 2;
  const left = form === 'shrunk' ? middle : (box.left + box.right + 1 - BOX) / 2;
  const top = form === 'shrunk' ? middle : (box.top + box.bottom + 1 - BOX) / 2;
  pen.save();
  pen.strokeStyle = ink;
  pen.globalAlpha = 0.75;
  pen.lineWidth = 2;
  pen.setLineDash([8, 6]);
  pen.strokeRect(left * SCALE, top * SCALE, BOX * SCALE, BOX * SCALE);
  pen.globalAlpha = 0.35;
  pen.setLineDash([2, 5]);
  pen.beginPath();
  pen.moveTo((SIDE / 2) * SCALE, 0);
  pen.lineTo((SIDE / 2) * SCALE, SIDE * SCALE);
  pen.moveTo(0, (SIDE / 2) * SCALE);
  pen.lineTo(SIDE * SCALE, (SIDE / 2) * SCALE);
  pen.stroke();
  pen.restore();
  const centre = centreOfMass(pixels, SIDE);
  const [x, y] = [(centre.x + 0.5) * SCALE, (centre.y + 0.5) * SCALE];
  for (const [width, colour] of [
    [11, card],
    [4, ink],
  ] as const) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.beginPath();
    pen.moveTo(x - 18, y);
    pen.lineTo(x + 18, y);
    pen.moveTo(x, y - 18);
    pen.lineTo(x, y + 18);
    pen.stroke();
  }
}
