import { type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX, TargetedPointerEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Drawing, Point, Stroke } from '../drawing/sheet.ts';
import { inks } from '../page/colours.ts';
import {
  beginStroke,
  canUndo,
  changes,
  clear,
  drawing,
  erases,
  goOn,
  penWidth,
  taken,
  takeTestSample,
  undo,
} from '../state/drawing.ts';
import { about } from '../state/trainer.ts';

/** Places in a row on which the keyboard's pen stands. */
const PLACES = 28;
/** How far a key moves the pen: columns and rows. */
const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  // where the keys of a number pad lie
  Home: [-1, -1],
  PageUp: [1, -1],
  End: [-1, 1],
  PageDown: [1, 1],
};

interface Pen {
  readonly column: number;
  readonly row: number;
  readonly isDown: boolean;
}

/** The sheet, for mouse, finger, pen and keyboard, and the tools beside it. */
export function DrawingSheet(): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pen: Signal<Pen> = useSignal({ column: PLACES / 2, row: 5, isDown: false });
  const isEmpty = useComputed(() => drawing.value.strokes.length === 0 && drawing.value.image === undefined);
  usePaint(canvas);
  const { column, row, isDown } = pen.value;
  return (
    <div class="drawing">
      <div
        class={`sheet${isDown ? ' is-down' : ''}`}
        style={{ '--column': column, '--row': row, '--width': penWidth.value }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is drawn on with the keyboard, too
        tabIndex={0}
        role="application"
        aria-label="Sheet to draw a digit on"
        aria-describedby="draw-keys"
        {...usePointer()}
        onKeyDown={event => press(event, pen)}
        onBlur={() => (pen.value = { ...pen.value, isDown: false })}
      >
        <canvas ref={canvas} />
        <i class="pen" />
        {isEmpty.value && (
          <p class="invitation">
            Draw a digit here
            <small>mouse, finger, pen or keyboard</small>
          </p>
        )}
      </div>
      <p class="hidden-text" aria-live="polite">
        {`Pen ${isDown ? 'down' : 'up'}, column ${column + 1}, row ${row + 1} of ${PLACES}`}
      </p>
      <Tools />
      <p id="draw-keys" class="keys">
        With keys: <kbd>Space</kbd> puts the pen down and lifts it, <kbd>arrows</kbd> move it, <kbd>Home</kbd>{' '}
        <kbd>PgUp</kbd> <kbd>End</kbd> <kbd>PgDn</kbd> slantwise, with <kbd>Shift</kbd> further. <kbd>Ctrl</kbd>+
        <kbd>Z</kbd> undoes.
      </p>
    </div>
  );
}

function Tools(): JSX.Element {
  const { labels, pixels } = about.value?.test ?? { labels: [], pixels: [] };
  const hasDigits = labels.length > 0 && pixels.length === 784 * labels.length;
  const index = taken.value;
  const isUntouched = drawing.value.image !== undefined && drawing.value.strokes.length === 0;
  return (
    <div class="tools">
      <button type="button" class="button" disabled={!canUndo()} onClick={undo}>
        Undo
      </button>
      <button type="button" class="button" onClick={clear}>
        Clear
      </button>
      <button type="button" class="button" aria-pressed={erases.value} onClick={() => (erases.value = !erases.value)}>
        Eraser
      </button>
      <label class="width">
        Pen
        <input
          type="range"
          min={3}
          max={16}
          value={Math.round(100 * penWidth.value)}
          aria-label="Width of the pen"
          aria-valuetext={`${Math.round(100 * penWidth.value)} percent of the sheet`}
          onInput={event => (penWidth.value = event.currentTarget.valueAsNumber / 100)}
        />
      </label>
      <button
        type="button"
        class="button"
        disabled={!hasDigits}
        title={hasDigits ? undefined : 'The test samples are not at hand'}
        onClick={() => takeTestSample(index === undefined ? 0 : (index + 1) % labels.length)}
      >
        {index === undefined ? 'Take a test sample' : 'Next test sample'}
      </button>
      {isUntouched && index !== undefined && labels[index] !== undefined && (
        <p class="taken" role="status">
          Test sample <span class="number">{index}</span>, a {labels[index]}. Draw on it, or take parts away.
        </p>
      )}
    </div>
  );
}

/** Draws with the pointer that came down first, until it is lifted; that it leaves the sheet and returns is no harm. */
function usePointer() {
  const active = useRef(-1);
  const lift = ({ pointerId }: PointerEvent) => {
    if (pointerId === active.current) active.current = -1;
  };
  return {
    onPointerDown(event: TargetedPointerEvent<HTMLElement>) {
      if (active.current !== -1 || event.button > 0) return;
      active.current = event.pointerId;
      event.currentTarget.setPointerCapture(event.pointerId);
      // the other end of a pen
      beginStroke(pointOf(event, event.currentTarget), erases.value || (event.buttons & 32) !== 0);
    },
    onPointerMove(event: TargetedPointerEvent<HTMLElement>) {
      if (event.pointerId !== active.current) return;
      const between = event.getCoalescedEvents?.() ?? [];
      goOn((between.length > 0 ? between : [event]).map(one => pointOf(one, event.currentTarget)));
    },
    onPointerUp: lift,
    onPointerCancel: lift,
    onLostPointerCapture: lift,
  };
}

/** Where a pointer is on the sheet. A pen that is pressed draws thicker. */
function pointOf({ clientX, clientY, pointerType, pressure }: PointerEvent, sheet: HTMLElement): Point {
  const { left, top, width, height } = sheet.getBoundingClientRect();
  const pressed = pointerType === 'pen' && pressure > 0 ? 0.5 + pressure : 1;
  return { x: (clientX - left) / width, y: (clientY - top) / height, radius: (pressed * penWidth.value) / 2 };
}

/** What a key does to the keyboard's pen. */
function press(event: KeyboardEvent, pen: Signal<Pen>): void {
  const { column, row, isDown } = pen.value;
  const at = (c: number, r: number): Point => ({
    x: (c + 0.5) / PLACES,
    y: (r + 0.5) / PLACES,
    radius: penWidth.value / 2,
  });
  const move = moves[event.key];
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') undo();
  else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (move !== undefined) {
    const far = event.shiftKey ? 4 : 1;
    const inside = (place: number) => Math.max(0, Math.min(PLACES - 1, place));
    const [c, r] = [inside(column + far * move[0]), inside(row + far * move[1])];
    pen.value = { column: c, row: r, isDown };
    if (isDown) goOn([at(c, r)]);
  } else if (event.key === ' ') {
    pen.value = { column, row, isDown: !isDown };
    if (!isDown) beginStroke(at(column, row));
  } else if (event.key === 'Escape') pen.value = { column, row, isDown: false };
  else if (event.key === 'Delete' || event.key === 'Backspace') clear();
  else return;
  if (event.key !== ' ' && move === undefined) pen.value = { ...pen.value, isDown: false };
  event.preventDefault();
}

/** Keeps the canvas as the drawing is, as sharp as the screen; while a stroke grows, only what is new is painted. */
function usePaint(canvas: { readonly current: HTMLCanvasElement | null }): void {
  const painted = useRef<{ drawing?: Drawing; ink?: string; points: number }>({ points: 0 });
  const size = useSignal(0);

  useEffect(() => {
    const resized = new ResizeObserver(([entry]) => {
      const side = Math.round(entry!.contentRect.width * devicePixelRatio);
      if (side > 0) size.value = side;
    });
    resized.observe(canvas.current!);
    return () => resized.disconnect();
  }, []);

  useSignalEffect(() => {
    void inks.value; // the colour of the ink is another
    painted.current.drawing = undefined;
    changes.value = changes.peek() + 1;
  });

  useSignalEffect(() => {
    void changes.value;
    const side = size.value;
    const target = canvas.current;
    if (target === null || side === 0) return;
    const pen = target.getContext('2d')!;
    const now = drawing.value;
    const last = painted.current;
    const { ink } = inks.value;
    const isWhole = now !== last.drawing || target.width !== side || ink !== last.ink;
    if (isWhole) {
      target.width = target.height = side;
      pen.lineCap = pen.lineJoin = 'round';
      pen.strokeStyle = ink;
      if (now.image !== undefined) paintImage(pen, now.image, side);
      for (const stroke of now.strokes) paintStroke(pen, stroke, 0, side);
    } else if (now.strokes.length > 0) paintStroke(pen, now.strokes.at(-1)!, last.points, side);
    last.drawing = now;
    last.ink = ink;
    last.points = now.strokes.at(-1)?.points.length ?? 0;
  });
}

/** A stroke from its point `from` on. */
function paintStroke(pen: CanvasRenderingContext2D, { points, erases }: Stroke, from: number, side: number): void {
  pen.globalCompositeOperation = erases ? 'destination-out' : 'source-over';
  for (let i = from; i < points.length; i++) {
    const [before, point] = [points[Math.max(0, i - 1)]!, points[i]!];
    pen.lineWidth = side * (before.radius + point.radius);
    pen.beginPath();
    pen.moveTo(side * before.x, side * before.y);
    pen.lineTo(side * point.x, side * point.y);
    pen.stroke();
  }
}

function paintImage(pen: CanvasRenderingContext2D, image: Uint8Array, side: number): void {
  const small = new OffscreenCanvas(28, 28);
  const brush = small.getContext('2d')!;
  brush.fillStyle = pen.strokeStyle;
  brush.fillRect(0, 0, 28, 28);
  const colours = brush.getImageData(0, 0, 28, 28);
  for (const [p, grey] of image.entries()) colours.data[4 * p + 3] = grey;
  brush.putImageData(colours, 0, 0);
  pen.globalCompositeOperation = 'source-over';
  pen.drawImage(small, 0, 0, side, side);
}
