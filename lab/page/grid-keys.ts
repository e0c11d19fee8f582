/**
 * Where a key leads in a grid of `count` things in rows of `columns`: the arrows to the neighbours, Home and End to the
 * ends of the row, with Ctrl to those of the grid. Undefined for other keys; at an edge it stays.
 */
export function gridKey(
  { key, ctrlKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey'>,
  at: number,
  count: number,
  columns: number,
): number | undefined {
  const rowStart = at - (at % columns);
  const rowEnd = Math.min(rowStart + columns, count) - 1;
  switch (key) {
    case 'ArrowLeft':
      return Math.max(at - 1, 0);
    case 'ArrowRight':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
      return at >= columns ? at - columns : at;
    case 'ArrowDown':
      return at + columns < count ? at + columns : at;
    case 'Home':
      return ctrlKey ? 0 : rowStart;
    case 'End':
      return ctrlKey ? count - 1 : rowEnd;
    default:
      return undefined;
  }
}
