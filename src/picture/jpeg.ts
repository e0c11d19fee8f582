import jpeg from 'jpeg-js';
import { checkDimensions, type Picture } from './picture.ts';

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

/** The pixels of a JPEG file, turned the way up that its camera noted. Throws what the decoder throws. */
export function decodeJpeg(bytes: Uint8Array): Picture {
  const { width, height } = dimensionsOf(bytes);
  checkDimensions(width, height);
  const decoded: { width: number; height: number; data: Uint8Array; exifBuffer?: Uint8Array } = jpeg.decode(bytes, {
    useTArray: true,
    tolerantDecoding: false,
    maxMemoryUsageInMB: 1600,
  });
  const picture = { width: decoded.width, height: decoded.height, rgba: decoded.data };
  return upright(picture, orientationOf(decoded.exifBuffer));
}

/** Width and height from the frame's header, which comes before the pixels. Unknown: 1 × 1, the decoder will refuse. */
function dimensionsOf(bytes: Uint8Array): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 <= bytes.length; at += 2 + view.getUint16(at + 2)) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++; // padding
    const marker = bytes[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
  }
  return { width: 1, height: 1 };
}

/**
 * How the camera was held, 1 … 8: the tag 0x112 in the first directory of the TIFF structure that Exif is
 * (https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf, 4.6.4). 1, upright, where it is not said.
 */
function orientationOf(exif: Uint8Array | undefined): number {
  if (exif === undefined || exif.length < 15) return 1;
  const tiff = new DataView(exif.buffer, exif.byteOffset + 1, exif.length - 1); // after the second zero of `Exif\0\0`
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
function upright({ width, height, rgba }: Picture, orientation: number): Picture {
  if (!(orientation >= 2 && orientation <= 8)) return { width, height, rgba };
  const isTurned = orientation >= 5;
  const [fromRight, fromBottom] = [[2, 3, 7, 8].includes(orientation), [3, 4, 6, 7].includes(orientation)];
  const [w, h] = isTurned ? [height, width] : [width, height];
  const from = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const to = new Uint32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [column, row] = isTurned ? [y, x] : [x, y];
      to[y * w + x] = from[(fromBottom ? height - 1 - row : row) * width + (fromRight ? width - 1 - column : column)]!;
    }
  }
  return { width: w, height: h, rgba: new Uint8Array(to.buffer) };
}
