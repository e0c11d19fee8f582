import { convertIndexedToRgb, type DecodedPng, decode, encode } from 'fast-png';
import { Unzlib, zlibSync } from 'fflate';
import { passesOf } from './interlaced.ts';
import { SIGNATURE_OF_PNG } from './kind.ts';
import { orientationOf, upright } from './orientation.ts';
import { type Colours, checkDimensions, type Picture, PictureError } from './picture.ts';

/**
 * The pixels of a PNG file (https://www.w3.org/TR/png-3/), whatever its colour type and depth, turned the way up that it
 * notes. Of an animation the still image.
 *
 * The decoder gets only the chunks that say what the pixels are: it would unpack a compressed profile of any size. An
 * interlaced picture it gets as the smaller ones that it is made of, for of less than 8 bits it takes each sample for a
 * byte.
 *
 * @throws PictureError, or what the decoder throws.
 */
export function decodePng(bytes: Uint8Array): Picture {
  const { header, colours, pixels, exif } = chunksOf(bytes);
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  checkDimensions(width, height);
  const isInterlaced = header[12] === 1;
  // a byte before each row for its filter; interlaced there are up to twice as many rows
  const most = 2 * height * (8 * width + 1) + 64;
  const unpacked: Uint8Array[] = [];
  unpack(pixels, most, piece => isInterlaced && unpacked.push(piece));
  if (!isInterlaced) return upright(pixelsOf(header, colours, pixels), orientationOf(exif));

  const channels = CHANNELS[header[9]!] ?? 0;
  const whole = new Uint32Array(width * height);
  for (const pass of passesOf(joined(unpacked), width, height, header[8]! * channels)) {
    const ofPass = header.slice();
    ofPass.set([...bigEndian(pass.width), ...bigEndian(pass.height)]);
    ofPass[12] = 0;
    const { data } = pixelsOf(ofPass, colours, [zlibSync(pass.rows, { level: 0 })]);
    const colourOf = new Uint32Array(data.buffer, data.byteOffset, pass.width * pass.height);
    for (let p = 0; p < colourOf.length; p++) {
      whole[pass.place(p % pass.width, Math.floor(p / pass.width))] = colourOf[p]!;
    }
  }
  return upright({ width, height, data: new Uint8Array(whole.buffer) }, orientationOf(exif));
}

/** Samples to a pixel, by the colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** What the chunks of a file hold that say what is to be seen. */
interface Chunks {
  /** IHDR. */
  readonly header: Uint8Array;
  /** PLTE and tRNS, whole. */
  readonly colours: readonly Uint8Array[];
  /** IDAT. */
  readonly pixels: readonly Uint8Array[];
  /** eXIf. */
  readonly exif: Uint8Array | undefined;
}

function chunksOf(bytes: Uint8Array): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Uint8Array = new Uint8Array(0);
  let exif: Uint8Array | undefined;
  const colours: Uint8Array[] = [];
  const pixels: Uint8Array[] = [];
  for (let at = 8; ; ) {
    const rest = bytes.length - at;
    if (rest < 12 || rest < 12 + view.getUint32(at)) throw new PictureError('is cut short');
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + length);
    if ((type === 'IHDR') !== (at === 8))
      throw new PictureError('is damaged: IHDR is not its first chunk, or not once');
    const isWhole = () => crc32(bytes.subarray(at + 4, at + 8 + length)) === view.getUint32(at + 8 + length);
    if (['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'].includes(type) && !isWhole())
      throw new PictureError(`is damaged: the checksum of its ${type} is another`);
    if (type === 'IHDR') {
      if (length !== 13) throw new PictureError(`is damaged: IHDR is ${length} bytes long, not 13`);
      header = data;
    }
    if (type === 'PLTE' || type === 'tRNS') colours.push(bytes.subarray(at, at + 12 + length));
    if (type === 'IDAT') pixels.push(data);
    if (type === 'eXIf' && isWhole()) exif ??= data;
    if (type === 'IEND') break;
    at += 12 + length;
  }
  if (pixels.length === 0) throw new PictureError('is damaged: it has no pixels');
  return { header, colours, pixels, exif };
}

/** Of each byte what it does to the checksum of a chunk (https://www.w3.org/TR/png-3/#D-CRCAppendix). */
const CRC_OF_BYTE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_OF_BYTE[(crc ^ byte) & 255]!;
  return ~crc >>> 0;
}

/** Unpacks piece by piece, and stops where it gets longer than it may be. */
function unpack(pieces: readonly Uint8Array[], most: number, take: (piece: Uint8Array) => void): void {
  let length = 0;
  const unpacking = new Unzlib(piece => {
    length += piece.length;
    if (length > most) throw new PictureError('is damaged: its pixels unpack to more than its dimensions say');
    take(piece);
  });
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += 2 ** 16) unpacking.push(piece.subarray(at, at + 2 ** 16));
  }
}

/** What the decoder makes of a file that holds nothing else. */
function pixelsOf(header: Uint8Array, colours: readonly Uint8Array[], pixels: readonly Uint8Array[]): Picture {
  const file = [Uint8Array.from(SIGNATURE_OF_PNG), chunk('IHDR', header), ...colours];
  file.push(...pixels.map(data => chunk('IDAT', data)), chunk('IEND', new Uint8Array(0)));
  return rgbaOf(decode(joined(file)));
}

/** Without its checksum, which the decoder is not asked to look at. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  return joined([Uint8Array.from(bigEndian(data.length)), new TextEncoder().encode(type), data, new Uint8Array(4)]);
}

const bigEndian = (n: number): number[] => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

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
  return { width, height, data: rgba };
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
