/**
 * The place to which a key leads from `place` in a grid of `count` cells in rows of `columns`; undefined for keys that
 * lead nowhere. A list is a grid of one column.
 */
export function placeByKey(key: string, place: number, count: number, columns: number): number | undefined {
  const to = {
    ArrowRight: place + 1,
    ArrowLeft: place - 1,
    ArrowDown: place + columns,
    ArrowUp: place - columns,
    Home: 0,
    End: count - 1,
    PageDown: place + 10 * columns,
    PageUp: place - 10 * columns,
  }[key];
  if (to === undefined) return undefined;
  return Math.max(0, Math.min(to, count - 1));
}
