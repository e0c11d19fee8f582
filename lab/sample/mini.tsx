import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { palette } from '../page/colours.ts';
import { paint } from './cells.tsx';
import { scaleOf } from './figures.ts';

/** A value at a glance: its numbers as cells, each value on a scale of its own; ten of them as bars. */
export function Mini({
  numbers,
  columns,
}: {
  readonly numbers: ArrayLike<number>;
  /** Undefined: as bars. */
  readonly columns: number | undefined;
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  void palette.value; // when the colours are others it is drawn anew
  const rows = columns === undefined ? 1 : Math.max(1, Math.ceil(numbers.length / columns));
  // whole pixels for each cell, so that all are alike
  const cell = Math.max(1, Math.round(100 / Math.max(columns ?? 10, rows)));
  // a flat matrix is made higher, so that its rows are seen
  const high = columns !== undefined && columns > 3 * rows ? Math.ceil((0.5 * columns * cell) / rows) : cell;
  const [width, height] = columns === undefined ? [120, 76] : [cell * columns, high * rows];
  useLayoutEffect(() => {
    const pen = canvas.current!.getContext('2d')!;
    pen.clearRect(0, 0, width, height);
    pen.imageSmoothingEnabled = false;
    const full = scaleOf(numbers);
    if (columns !== undefined) {
      pen.drawImage(paint(numbers, columns, full), 0, 0, width, height);
      return;
    }
    const { color, borderTopColor, outlineColor } = getComputedStyle(canvas.current!);
    pen.fillStyle = color;
    pen.fillRect(0, height / 2 - 0.5, width, 1);
    const step = width / numbers.length;
    for (let i = 0; i < numbers.length; i++) {
      const size = (numbers[i]! / full) * (height / 2 - 2);
      pen.fillStyle = size < 0 ? outlineColor : borderTopColor;
      pen.fillRect(i * step + 1, height / 2, Math.max(1, step - 2), -size);
    }
  });
  return <canvas ref={canvas} class="mini" width={width} height={height} />;
}
