import { decodeJpeg } from './jpeg.ts';
import { kindOf } from './kind.ts';
import { type Picture, PictureError } from './picture.ts';
import { decodePng } from './png.ts';

/** Files of other kinds that are met with, by their first characters: to say what came. */
const OTHERS: readonly [name: string, start: RegExp][] = [
  ['a GIF', /^GIF8/],
  ['a WebP picture', /^RIFF....WEBP/s],
  ['a BMP', /^BM/],
  ['a TIFF picture', /^(II\*|MM.\*)/s],
  ['a HEIC or AVIF picture', /^....ftyp/s],
  ['a PDF', /^%PDF/],
  ['an SVG drawing', /^(<\?xml.*)?<svg/s],
];

/**
 * The pixels of a PNG or JPEG file, told apart by their first bytes whatever the file is called. `file` is its name,
 * for the messages.
 *
 * @throws PictureError where the bytes are none, are damaged, or make a picture too large for the memory.
 */
export function decodePicture(bytes: Uint8Array, file: string): Picture {
  const kind = kindOf(bytes);
  if (kind === undefined) {
    const start = String.fromCharCode(...bytes.subarray(0, 64));
    const [other] = OTHERS.find(([, pattern]) => pattern.test(start)) ?? [];
    const what = bytes.length === 0 ? 'empty' : (other ?? 'no picture that is known here');
    throw new PictureError(`${file}: is ${what}; PNG or JPEG was wanted`);
  }
  try {
    return kind === 'PNG' ? decodePng(bytes) : decodeJpeg(bytes);
  } catch (error) {
    if (error instanceof PictureError) throw new PictureError(`${file}: ${error.message}`, { cause: error });
    // whatever a decoder throws at damaged bytes, TypeErrors among it
    const why = error instanceof Error ? error.message : String(error);
    throw new PictureError(`${file}: is damaged, or a ${kind} of an unusual kind (${why})`, { cause: error });
  }
}
