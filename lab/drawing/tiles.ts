/** Where the tiles of so many units lie in a width: as large as there is room for, within reason. */
export interface Tiles {
  readonly columns: number;
  readonly rows: number;
  readonly side: number;
}

const LARGEST = 34;
const SMALLEST = 5;

export function tilesFor(units: number, width: number): Tiles {
  // about as many lines as a quarter of what stands in one
  const wanted = width / Math.ceil(Math.sqrt(2.4 * Math.max(1, units)));
  const side = Math.max(SMALLEST, Math.min(LARGEST, Math.floor(wanted)));
  const columns = Math.max(1, Math.min(units, Math.floor(width / side)));
  return { columns, rows: Math.ceil(units / columns), side };
}

/** The unit whose tile is there. */
export function unitAt({ columns, side }: Tiles, units: number, x: number, y: number): number | undefined {
  const [column, row] = [Math.floor(x / side), Math.floor(y / side)];
  const unit = row * columns + column;
  return column < 0 || column >= columns || row < 0 || unit >= units ? undefined : unit;
}

/** The units that say most for the class, the loudest first. */
export function loudest(says: Float32Array, most: number): { readonly unit: number; readonly says: number }[] {
  return Array.from(says, (value, unit) => ({ unit, says: value }))
    .filter(({ says }) => says > 0)
    .sort((a, b) => b.says - a.says)
    .slice(0, most);
}
