/** The first and the last row and column of something in a picture. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The longer side. */
export function sideOf({ left, top, right, bottom }: Box): number {
  return Math.max(right - left, bottom - top) + 1;
}

/** The smallest box around all values that are not 0, row by row. One must be. */
export function boxAround(values: ArrayLike<number>, width: number, height: number): Box {
  const box = { left: width, top: height, right: -1, bottom: -1 };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (values[y * width + x] === 0) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = y;
    }
  }
  return box;
}
