/** More units than this are too small to be seen beside each other. */
export const MOST_TILES = 200;

/** A tile's 28 pixels and the margin around them, in pixels of weights. */
export const PITCH = 32;
export const MARGIN = 2;

/** How many tiles stand in a row of `width` CSS pixels, so that all rows are nearly as long. */
export function columnsFor(width: number, count: number): number {
  const largest = count <= 60 ? 72 : count <= 120 ? 44 : 34;
  const size = Math.max(28, Math.min(largest, width / 13));
  const most = Math.max(1, Math.floor(width / size));
  const rows = Math.max(1, Math.ceil(count / most));
  return Math.max(1, Math.ceil(count / rows));
}
