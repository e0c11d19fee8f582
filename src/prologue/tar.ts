import { DataError } from './data-error.ts';

const BLOCK = 512;

const REGULAR_FILE = new Set(['0', '\0']);
const FOLDER = '5';
/** Headers of POSIX.1-2001, for one member and for all: finer times, owners, and names too long for a batch. */
const EXTENDED = new Set(['x', 'g']);
const KINDS: Record<string, string> = {
  1: 'a link',
  2: 'a symbolic link',
  3: 'a device',
  4: 'a device',
  6: 'a pipe',
};

/** The text of a header's field: up to the first zero byte. */
function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return String.fromCharCode(...(end < 0 ? field : field.subarray(0, end)));
}

/** The number in a header's field: octal digits between spaces. NaN where it is anything else. */
function numberOf(field: Uint8Array): number {
  const digits = textOf(field).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : NaN;
}

/**
 * The regular files of a tar archive, by name: views into `bytes`. Nothing is ever written to a disk, and what is no
 * regular file or folder, or has a name that leads out of the archive, is refused: no archive of images needs it.
 * Extended headers are passed over.
 * That leaves so little of the format that reading it here is shorter than guarding a library.
 *
 * Source: POSIX.1-1988, ustar interchange format.
 *
 * @throws DataError where the archive is damaged, cut short, or holds anything else.
 */
export function filesOfTar(bytes: Uint8Array, archive: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  for (;;) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.length < BLOCK) throw new DataError(`${archive}: the archive is cut short at ${bytes.length} bytes`);
    if (header.every(byte => byte === 0)) return files; // a block of zeros ends an archive

    // The checksum is the sum of the header's bytes, those of the checksum itself counted as spaces.
    const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
    if (sum !== numberOf(header.subarray(148, 156)))
      throw new DataError(`${archive}: the archive is damaged: a header's checksum is wrong at byte ${at}`);

    const prefix = textOf(header.subarray(257, 263)) === 'ustar' ? textOf(header.subarray(345, 500)) : '';
    const name = (prefix && `${prefix}/`) + textOf(header.subarray(0, 100));
    const kind = String.fromCharCode(header[156]!);
    const size = numberOf(header.subarray(124, 136));
    const member = `${archive}: its member ${JSON.stringify(name)}`;
    if (!REGULAR_FILE.has(kind) && kind !== FOLDER && !EXTENDED.has(kind))
      throw new DataError(
        `${member} is ${KINDS[kind] ?? `of type ${JSON.stringify(kind)}`}; files and folders were wanted`,
      );
    if (/^([/\\]|[a-z]:)/i.test(name)) throw new DataError(`${member} has an absolute path`);
    if (name.split(/[/\\]/).includes('..')) throw new DataError(`${member} leads out of the archive`);
    if (files.has(name)) throw new DataError(`${member} comes twice`);
    if (Number.isNaN(size)) throw new DataError(`${member} has no readable size`);

    const start = at + BLOCK;
    if (start + size > bytes.length)
      throw new DataError(`${member} is cut short: ${bytes.length - start} of its ${size} bytes are there`);
    if (REGULAR_FILE.has(kind)) files.set(name, bytes.subarray(start, start + size));
    at = start + BLOCK * Math.ceil(size / BLOCK);
  }
}
