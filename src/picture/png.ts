import { convertIndexedToRgb, type DecodedPng, decode, encode } from 'fast-png';
import { Unzlib } from 'fflate';
import { type Colours, checkDimensions, type Picture, PictureError } from './picture.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, i) => bytes[i] === byte);
}

/**
 * The pixels of a PNG file (https://www.w3.org/TR/png-3/), whatever its colour type and depth. Of an animation the
 * still image.
 *
 * @throws PictureError, or what the decoder throws.
 */
export function decodePng(bytes: Uint8Array): Picture {
  return rgbaOf(decode(onlyPixels(bytes), { checkCrc: true }));
}

/**
 * The file without the chunks that do not say what the pixels are: the decoder would unpack a compressed profile of any
 * size. What is left is checked to be no larger unpacked than its dimensions say.
 */
function onlyPixels(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept = [bytes.subarray(0, 8)];
  const pixels: Uint8Array[] = [];
  let most = 0;
  for (let at = 8; ; ) {
    const rest = bytes.length - at;
    if (rest < 12 || rest < 12 + view.getUint32(at)) throw new PictureError('is cut short');
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if ((type === 'IHDR') !== (at === 8))
      throw new PictureError('is damaged: IHDR is not its first chunk, or not once');
    if (type === 'IHDR') {
      if (length !== 13) throw new PictureError(`is damaged: IHDR is ${length} bytes long, not 13`);
      const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
      checkDimensions(width, height);
      const [depth, interlacing] = [bytes[at + 16]!, bytes[at + 20]!];
      if (depth < 8 && interlacing !== 0)
        // the decoder takes each sample of these for a byte
        throw new PictureError(`is an interlaced PNG of ${depth} bits a sample, not of 8: save it without interlacing`);
      // a byte before each row for its filter; interlaced there are up to twice as many rows
      most = 2 * height * (8 * width + 1) + 64;
    }
    if (type === 'IDAT') pixels.push(bytes.subarray(at + 8, at + 8 + length));
    if (['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'].includes(type)) kept.push(bytes.subarray(at, at + 12 + length));
    at += 12 + length;
    if (type === 'IEND') break;
  }
  if (pixels.length === 0) throw new PictureError('is damaged: it has no pixels');
  checkInflated(pixels, most);
  return joined(kept);
}

/** Unpacks piece by piece, keeping nothing, and stops where it gets longer than it may be. */
function checkInflated(pieces: readonly Uint8Array[], most: number): void {
  let length = 0;
  const unpack = new Unzlib(chunk => {
    length += chunk.length;
    if (length > most) throw new PictureError('is damaged: its pixels unpack to more than its dimensions say');
  });
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += 2 ** 16) unpack.push(piece.subarray(at, at + 2 ** 16));
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function rgbaOf(png: DecodedPng): Picture {
  const { width, height, transparency } = png;
  const indexed = png.palette !== undefined && png.channels === 1;
  const data = indexed ? convertIndexedToRgb(png) : samplesOf(png);
  const channels = indexed ? data.length / (width * height) : png.channels;
  const most = indexed ? 255 : (1 << png.depth) - 1;
  const colours = channels >= 3 ? 3 : 1;
  const hasAlpha = channels === 2 || channels === 4;
  const rgba = new Uint8Array(4 * width * height);
  for (let p = 0; p < width * height; p++) {
    const from = p * channels;
    for (let c = 0; c < 3; c++) rgba[4 * p + c] = Math.round((255 * data[from + (colours === 3 ? c : 0)]!) / most);
    let alpha = hasAlpha ? Math.round((255 * data[from + colours]!) / most) : 255;
    if (transparency !== undefined && transparency.length >= colours && !hasAlpha) {
      let isKey = true; // the one colour that is transparent
      for (let c = 0; c < colours; c++) isKey &&= data[from + c] === transparency[c];
      if (isKey) alpha = 0;
    }
    rgba[4 * p + 3] = alpha;
  }
  return { width, height, rgba };
}

/** Grey of 1, 2 or 4 bits lies several pixels to a byte, each row beginning a new one. */
function samplesOf({ width, height, channels, depth, data }: DecodedPng): ArrayLike<number> {
  if (depth >= 8) return data;
  const perRow = Math.ceil((width * channels * depth) / 8);
  const samples = new Uint8Array(width * height * channels);
  for (let i = 0; i < samples.length; i++) {
    const bit = (i % (width * channels)) * depth;
    const byte = data[Math.floor(i / (width * channels)) * perRow + (bit >> 3)]!;
    samples[i] = (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  }
  return samples;
}

/** A PNG file of these pixels. */
export function encodePng({ width, height, rgb }: Colours): Uint8Array {
  // level 1 takes half the time of 6, at each save of a run, and the file is a fifteenth larger
  return encode({ width, height, data: rgb, channels: 3, depth: 8 }, { zlib: { level: 1 } });
}
