import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { palette, weightColours } from '../page/colours.ts';
import { isPlaying } from '../state/trainer.ts';
import { placeByKey } from './keys.ts';

/** Numbers as coloured cells, row by row, one of which may be chosen. */
export interface CellsProps {
  readonly label: string;
  readonly numbers: ArrayLike<number>;
  /** The number that has the full colour. */
  readonly full: number;
  /** Undefined: as many as there is room for. */
  readonly columns?: number;
  readonly chosen: number;
  readonly onChoose: (place: number) => void;
  /** A cell in words, with its number. */
  readonly textOf: (place: number) => string;
  readonly onPoint?: (place: number | undefined) => void;
  readonly isMarked?: (place: number) => boolean;
  /** The height of a cell; as wide as it is high unless asked otherwise. */
  readonly height?: number;
}

/** Pixels of the page that a finger meets. */
const FINGER = 24;

export function Cells(props: CellsProps): JSX.Element {
  const { label, numbers, chosen, onChoose, textOf, onPoint } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(canvas);
  void palette.value; // when the colours are others it is drawn anew
  const columns = props.columns ?? columnsFor(numbers.length, width);
  useLayoutEffect(() => {
    if (canvas.current !== null && width > 0) draw(canvas.current, { ...props, columns }, width);
  });
  const placeAt = (event: PointerEvent | MouseEvent): number | undefined => {
    const { left, top, width, height } = canvas.current!.getBoundingClientRect();
    const rows = Math.ceil(numbers.length / columns);
    const column = Math.floor((columns * (event.clientX - left)) / width);
    const row = Math.floor((rows * (event.clientY - top)) / height);
    const place = row * columns + column;
    const isInside = column >= 0 && column < columns && row >= 0 && place < numbers.length;
    return isInside ? place : undefined;
  };
  // while it trains a screen reader is told which cell it is, and not thirty numbers a second
  const text = isPlaying.value ? undefined : textOf(chosen);
  return (
    <canvas
      ref={canvas}
      class="cells"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, numbers.length - 1)}
      aria-valuenow={chosen}
      aria-valuetext={text ?? `entry ${chosen}`}
      onKeyDown={event => {
        const to = placeByKey(event.key, chosen, numbers.length, columns);
        if (to === undefined) return;
        event.preventDefault();
        onChoose(to);
      }}
      onClick={event => {
        const place = placeAt(event);
        if (place !== undefined) onChoose(place);
      }}
      onPointerMove={event => onPoint?.(placeAt(event))}
      onPointerLeave={() => onPoint?.(undefined)}
    />
  );
}

/** As many columns as there is room for, so that a row ends at a round number. */
function columnsFor(count: number, width: number): number {
  const smallest = count <= 120 ? FINGER : count <= 500 ? 14 : 9;
  const most = Math.max(1, Math.floor(width / smallest));
  if (count <= most) return count;
  return [100, 50, 25, 20, 10, 5].find(columns => columns <= most) ?? most;
}

/** The width that the page gives it. */
function useWidth(canvas: { current: HTMLCanvasElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    observer.observe(canvas.current!);
    setWidth(canvas.current!.clientWidth);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Where the colours are painted, a pixel a cell, before they are made large. */
let small: HTMLCanvasElement | undefined;

/** The numbers, a pixel a cell. */
export function paint(numbers: ArrayLike<number>, columns: number, full: number): HTMLCanvasElement {
  small ??= document.createElement('canvas');
  const rows = Math.max(1, Math.ceil(numbers.length / columns));
  small.width = columns;
  small.height = rows;
  const pen = small.getContext('2d')!;
  const image = pen.createImageData(columns, rows);
  weightColours(numbers instanceof Float32Array ? numbers : Float32Array.from(numbers), full, image.data);
  pen.putImageData(image, 0, 0);
  return small;
}

function draw(
  canvas: HTMLCanvasElement,
  { numbers, full, columns, chosen, isMarked, height }: CellsProps & { columns: number },
  width: number,
): void {
  const rows = Math.ceil(numbers.length / columns);
  const cell = { width: width / columns, height: height ?? Math.min(width / columns, 40) };
  const sharpness = devicePixelRatio || 1;
  const [w, h] = [Math.round(width * sharpness), Math.round(rows * cell.height * sharpness)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.height = `${rows * cell.height}px`;
  }
  const pen = canvas.getContext('2d')!;
  const style = getComputedStyle(canvas);
  pen.setTransform(sharpness, 0, 0, sharpness, 0, 0);
  pen.clearRect(0, 0, width, rows * cell.height);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(paint(numbers, columns, full), 0, 0, width, rows * cell.height);
  const boxOf = (place: number) =>
    [(place % columns) * cell.width, Math.floor(place / columns) * cell.height, cell.width, cell.height] as const;
  if (cell.width >= 12 && cell.height >= 12) {
    pen.strokeStyle = style.borderTopColor;
    pen.lineWidth = 1;
    for (let place = 0; place < numbers.length; place++) pen.strokeRect(...boxOf(place));
  }
  if (isMarked !== undefined) {
    pen.fillStyle = style.color;
    for (let place = 0; place < numbers.length; place++) {
      if (!isMarked(place)) continue;
      const [x, y, w, h] = boxOf(place);
      const size = Math.max(3, Math.min(9, 0.45 * w));
      pen.beginPath();
      pen.moveTo(x + 1, y + h - 1);
      pen.lineTo(x + 1 + size, y + h - 1);
      pen.lineTo(x + 1, y + h - 1 - size);
      pen.fill();
    }
  }
  if (chosen < 0) return;
  const [x, y, cw, ch] = boxOf(chosen);
  const grown = Math.max(0, 7 - cw) / 2;
  pen.lineWidth = 4;
  pen.strokeStyle = style.backgroundColor;
  pen.strokeRect(x - grown, y - grown, cw + 2 * grown, ch + 2 * grown);
  pen.lineWidth = 2;
  pen.strokeStyle = style.color;
  pen.strokeRect(x - grown, y - grown, cw + 2 * grown, ch + 2 * grown);
}
