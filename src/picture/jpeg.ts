import jpeg from 'jpeg-js';
import { orientationOf, upright } from './orientation.ts';
import { checkDimensions, type Picture } from './picture.ts';

/** The pixels of a JPEG file, turned the way up that its camera noted. Throws what the decoder throws. */
export function decodeJpeg(bytes: Uint8Array): Picture {
  const { width, height } = dimensionsOf(bytes);
  checkDimensions(width, height);
  const decoded: { width: number; height: number; data: Uint8Array; exifBuffer?: Uint8Array } = jpeg.decode(bytes, {
    useTArray: true,
    tolerantDecoding: false,
    maxMemoryUsageInMB: 1600,
  });
  const picture = { width: decoded.width, height: decoded.height, data: decoded.data };
  return upright(picture, orientationOf(decoded.exifBuffer?.subarray(1))); // after the second zero of `Exif\0\0`
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
