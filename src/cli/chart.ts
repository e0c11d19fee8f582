/** A curve of a chart: one value a step. */
export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  /** How the last value is written in the legend. */
  format(value: number): string;
}

/**
 * Curves over the steps in plain characters below a title and a legend, the first drawn as a line and the second as
 * dots, above an axis from `firstStep` on. All lines have the same width; the vertical axis begins at 0.
 */
export function chart(
  title: string,
  curves: readonly Curve[],
  { width, height, firstStep = 0 }: { width: number; height: number; firstStep?: number },
): string[] {
  const steps = curves[0]!.values.length;
  const label = (value: number) => value.toFixed(value >= 10 ? 0 : 2);
  const highest = curves.flatMap(curve => curve.values).reduce((a, b) => Math.max(a, b), 0) || 1;
  const margin = Math.max(label(highest).length, label(highest / 2).length);
  const columns = Math.max(8, width - margin - 2);
  const rows = Array.from({ length: height }, () => new Array<string>(columns).fill(' '));

  const row = (value: number) => Math.round((height - 1) * (1 - value / highest));
  const heights = curves.map(({ values }) => means(values, Math.min(columns, steps)).map(row));
  // the dots first, so that the line lies over them
  if (heights[1]) for (const [x, y] of spread(heights[1], columns).entries()) rows[y]![x] = '·';
  drawLine(rows, spread(heights[0]!, columns));

  const middle = Math.floor(height / 2);
  const lines = rows.map((cells, y) => {
    const at = y === 0 ? label(highest) : y === middle ? label(highest * (1 - middle / (height - 1))) : '';
    const text = y === height - 1 ? '0' : at;
    return `${text.padStart(margin)} ${text === '' ? '│' : '┤'}${cells.join('')}`;
  });
  const [from, to] = [`step ${firstStep}`, `${firstStep + steps - 1}`];
  const legend = curves.map(
    ({ name, values, format }, i) => `${i === 0 ? '─' : '·'} ${name} ${format(values.at(-1)!)}`,
  );
  const foot = `${' '.repeat(margin + 2)}${from}${to.padStart(columns - from.length)}`;
  return [title, legend.join('  '), ...lines, foot].map(line => line.padEnd(width));
}

/** As many means over neighbouring values as wanted. */
function means(values: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const part = values.slice(
      Math.floor((i * values.length) / count),
      Math.max(Math.floor(((i + 1) * values.length) / count), 1 + Math.floor((i * values.length) / count)),
    );
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

/** Fewer values than columns: each over several columns. */
function spread(values: readonly number[], columns: number): number[] {
  return Array.from({ length: columns }, (_, x) => values[Math.floor((x * values.length) / columns)]!);
}

/** From column to column, with corners where the line goes up or down. */
function drawLine(rows: string[][], heights: readonly number[]): void {
  for (const [x, y] of heights.entries()) {
    const before = heights[x - 1] ?? y;
    if (before === y) {
      rows[y]![x] = '─';
      continue;
    }
    const [upper, lower] = [Math.min(before, y), Math.max(before, y)];
    for (let between = upper + 1; between < lower; between++) rows[between]![x] = '│';
    rows[upper]![x] = before < y ? '╮' : '╭';
    rows[lower]![x] = before < y ? '╰' : '╯';
  }
}
