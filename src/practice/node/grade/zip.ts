import { type UnzipFileInfo, unzipSync } from 'fflate';
import { type Entry, isLitter, MOST_DEPTH, MOST_ENTRIES } from './folder.ts';

/** The files of a zip. Nothing is unpacked before it is asked for, and then in memory, to no more than it says it has. */
export function entriesOfZip(zip: Uint8Array, most: number = MOST_ENTRIES): Entry[] {
  const ordinary = ordinaryFiles(zip);
  const entries: Entry[] = [];
  const note = ({ name, size, originalSize, compression }: UnzipFileInfo): boolean => {
    if (entries.length >= most) throw new RangeError(`more than ${most} files`);
    const path = name.replaceAll('\\', '/');
    const parts = path.split('/');
    if (path.endsWith('/') || parts.some(isLitterOf)) return false;
    const isWithin = parts.every(part => part !== '' && part !== '..' && part !== '.') && !/^[a-z]:/i.test(path);
    const isKnown = compression === 0 || compression === 8;
    const kind = isWithin && isKnown && parts.length <= MOST_DEPTH && ordinary.has(name) ? 'file' : 'other';
    entries.push({
      path: parts.filter(part => !/^\.*$/.test(part)).join('/'),
      kind,
      bytes: Math.max(originalSize, compression === 0 ? size : 0),
      read: () => only(zip, name),
    });
    return false;
  };
  unzipSync(zip, { filter: note });
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

// `..` is no litter: whoever writes it is to be told
const isLitterOf = (name: string): boolean => !/^\.+$/.test(name) && isLitter(name);

function only(zip: Uint8Array, wanted: string): Uint8Array {
  let bytes: Uint8Array | undefined;
  for (const found of Object.values(unzipSync(zip, { filter: ({ name }) => name === wanted }))) bytes ??= found;
  if (bytes === undefined) throw new Error('not in the zip');
  return bytes;
}

/**
 * The names of the files that are neither links nor devices nor encrypted. fflate does not tell; the list at the end of
 * the zip does (PKWARE's APPNOTE, 4.3.12): the flags at 8, the system at 5, and for Unix its mode in the upper half at 38.
 */
function ordinaryFiles(zip: Uint8Array): ReadonlySet<string> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const names = new Map<string, boolean>();
  let end = zip.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error('no zip');
  let at = view.getUint32(end + 16, true);
  if (at === 0xffffffff) throw new Error('a zip of more than 4 GB');
  for (; at + 46 <= end && view.getUint32(at, true) === 0x02014b50; ) {
    const [flags, nameLength, extra, comment] = [8, 28, 30, 32].map(place => view.getUint16(at + place, true)) as [
      number,
      number,
      number,
      number,
    ];
    const format = view.getUint8(at + 5) === 3 ? (view.getUint32(at + 38, true) >>> 16) & 0o170000 : 0;
    const bytes = zip.subarray(at + 46, at + 46 + nameLength);
    // in the encoding that fflate reads it in
    const name = flags & 0x800 ? new TextDecoder().decode(bytes) : String.fromCharCode(...bytes);
    const isOrdinary = (format === 0 || format === 0o100000) && (flags & 1) === 0;
    names.set(name, isOrdinary && (names.get(name) ?? true));
    at += 46 + nameLength + extra + comment;
  }
  return new Set([...names].filter(([, isOrdinary]) => isOrdinary).map(([name]) => name));
}
