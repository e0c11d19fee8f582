import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Form, Read, ToReader } from '../drawing/reader.ts';
import { type Drawing, type Point, pictureOf, pictureOfImage, Sheet, type Stroke } from '../drawing/sheet.ts';
import type { About, Moment } from '../training/protocol.ts';
import { about, moment } from './trainer.ts';
import { shownStage } from './view.ts';

/** What is drawn, and what the network makes of it. It is kept whatever else changes, and nowhere but here. */

const nothing: Drawing = { image: undefined, strokes: [] };

/** Another drawing with each new stroke. */
export const drawing: Signal<Drawing> = signal(nothing);
/** Grows with every point that the pen reaches. */
export const changes: Signal<number> = signal(0);
/** What Undo goes back to. */
const before: Signal<readonly Drawing[]> = signal([]);
export const canUndo = (): boolean => before.value.length > 0;

/** Of the pen: in sides of the sheet. */
export const penWidth: Signal<number> = signal(0.08);
export const erases: Signal<boolean> = signal(false);
/** In which form the network is shown the drawing. */
export const form: Signal<Form> = signal('mnist');
/** The test sample that was taken last. */
export const taken: Signal<number | undefined> = signal(undefined);

const answered: Signal<Read> = signal({ kind: 'empty' });
/** What the network of the moment makes of the drawing, as soon as it is known. */
export const answer: ReadonlySignal<Read> = answered;

const sheet = new Sheet();
const MOST_UNDONE = 200;

function replace(next: Drawing): void {
  before.value = [...before.value, drawing.value].slice(-MOST_UNDONE);
  drawing.value = next;
}

export function beginStroke(point: Point, isEraser: boolean = erases.value): void {
  const stroke: Stroke = { erases: isEraser, points: [point] };
  replace({ ...drawing.value, strokes: [...drawing.value.strokes, stroke] });
  sheet.mark(point, point, isEraser);
  changes.value++;
}

/** Moves the pen on, in the stroke that was begun last. */
export function goOn(points: readonly Point[]): void {
  const stroke = drawing.value.strokes.at(-1);
  if (stroke === undefined) return;
  for (const point of points) {
    sheet.mark(stroke.points.at(-1)!, point, stroke.erases);
    stroke.points.push(point);
  }
  changes.value++;
}

export function undo(): void {
  const last = before.value.at(-1);
  if (last === undefined) return;
  before.value = before.value.slice(0, -1);
  show(last);
}

/** Wipes the sheet. It can be undone, too. */
export function clear(): void {
  if (drawing.value === nothing) return;
  replace(nothing);
  show(nothing);
}

/** Lays a test sample on the sheet, to be drawn on. */
export function takeTestSample(index: number): void {
  const image = about.value?.test.pixels.slice(784 * index, 784 * (index + 1));
  if (image?.length !== 784) return;
  taken.value = index;
  replace({ image, strokes: [] });
  show(drawing.value);
}

function show(next: Drawing): void {
  drawing.value = next;
  sheet.show(next);
  changes.value++;
}

// ---- the reader, in a thread of its own: to find a digit takes some milliseconds, a frame's time on a slow machine

let reader: Worker | undefined;
let isReading = false;
/** What the reader was told last. */
let told: { changes?: number; form?: Form; about?: About; moment?: Moment } = {};

effect(() => {
  if (shownStage.value !== 'draw' || about.value === undefined || moment.value === undefined) return;
  void [changes.value, form.value];
  ask();
});

/** Asks what has not been asked yet. While the reader reads nothing more is sent: it is to hear of the latest. */
function ask(): void {
  if (isReading || about.value === undefined || moment.value === undefined) return;
  const now = { changes: changes.value, form: form.value, about: about.value, moment: moment.value };
  const hasAll = (Object.keys(now) as (keyof typeof now)[]).every(name => now[name] === told[name]);
  // between two trainings the old moment may still be there: its parameters are of other lengths
  if (hasAll || now.moment.parameters.b1.length !== now.about.settings.hidden) return;
  const { settings, inputShape, normalisation, classes } = now.about;
  const message: ToReader = {
    ...(now.changes !== told.changes && { drawing: { picture: pictureNow() } }),
    ...(now.form !== told.form && { form: now.form }),
    ...(now.about !== told.about && { about: { settings, inputShape, normalisation, classes } }),
    ...((now.moment !== told.moment || now.about !== told.about) && { moment: now.moment }),
  };
  told = now;
  isReading = true;
  started().postMessage(message);
}

function pictureNow(): ReturnType<typeof pictureOf> | undefined {
  const { image, strokes } = drawing.value;
  if (image !== undefined && strokes.length === 0) return pictureOfImage(image);
  return sheet.isEmpty ? undefined : pictureOf(sheet);
}

function started(): Worker {
  if (reader !== undefined) return reader;
  reader = new Worker(new URL('../drawing/worker.ts', import.meta.url), { type: 'module' });
  reader.onmessage = ({ data }: MessageEvent<Read>) => {
    isReading = false;
    answered.value = data;
    if (shownStage.value === 'draw') ask();
  };
  reader.onerror = event => {
    isReading = false;
    reader = undefined; // the next stroke tries again
    told = {};
    const why = event.message ?? 'its thread does not start, as where `longhand lab` runs no more';
    answered.value = { kind: 'refused', message: `The drawing cannot be read: ${why}` };
  };
  return reader;
}
