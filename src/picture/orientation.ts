import type { Picture } from './picture.ts';

/**
 * How the camera was held, 1 … 8: the tag 0x112 in the first directory of the TIFF structure that Exif is
 * (https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf, 4.6.4). 1, upright, where it is not said.
 */
export function orientationOf(exif: Uint8Array | undefined): number {
  if (exif === undefined || exif.length < 14) return 1;
  const tiff = new DataView(exif.buffer, exif.byteOffset, exif.length);
  const little = tiff.getUint16(0) === 0x4949;
  const directory = tiff.getUint32(4, little);
  if (directory + 2 > tiff.byteLength) return 1;
  const entries = tiff.getUint16(directory, little);
  for (let i = 0, at = directory + 2; i < entries && at + 12 <= tiff.byteLength; i++, at += 12) {
    if (tiff.getUint16(at, little) === 0x112) return tiff.getUint16(at + 8, little);
  }
  return 1;
}

/** Turns and mirrors, by what the eight orientations mean: where the first row and the first column belong. */
export function upright({ width, height, data }: Picture, orientation: number): Picture {
  if (!(orientation >= 2 && orientation <= 8)) return { width, height, data };
  const isTurned = orientation >= 5;
  const [fromRight, fromBottom] = [[2, 3, 7, 8].includes(orientation), [3, 4, 6, 7].includes(orientation)];
  const [w, h] = isTurned ? [height, width] : [width, height];
  const from = new Uint32Array(data.buffer, data.byteOffset, width * height);
  const to = new Uint32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [column, row] = isTurned ? [y, x] : [x, y];
      to[y * w + x] = from[(fromBottom ? height - 1 - row : row) * width + (fromRight ? width - 1 - column : column)]!;
    }
  }
  return { width: w, height: h, data: new Uint8Array(to.buffer) };
}
