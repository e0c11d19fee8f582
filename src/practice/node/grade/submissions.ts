import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { LonghandError } from '../../../tensor/index.ts';
import { exerciseFiles } from '../../exercises.ts';
import { type Owner, plain } from '../../grade/graded.ts';
import { ownerOf } from '../../grade/names.ts';
import type { Sources } from '../../protocol.ts';
import { bytesOf, type Entry, entriesOfFolder } from './folder.ts';
import { entriesOfZip } from './zip.ts';

/** One submission: read when its turn comes, so that not all of them are in memory at once. */
export interface Submission extends Owner {
  /** Its texts by their paths, or why they are not read. */
  read(): Sources | string;
}

const MOST_OF_A_ZIP = 1 << 30;
const MOST_OF_A_STUDENTS_ZIP = 32 << 20;
const MOST_IN_A_STUDENTS_ZIP = 2000;
const MOST_OF_A_FILE = 1 << 20;
const MOST_OF_A_SUBMISSION = 4 << 20;
const MOST_FILES = 200;

/**
 * The submissions in a folder of files or of folders, in a download of Moodle's or Canvas's, as a zip or unpacked, or the
 * only one that a file or a folder is.
 *
 * @throws LonghandError where there is none, or where the download cannot be read.
 */
export function findSubmissions(path: string): Submission[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new LonghandError(`grade: there is no '${path}'`);
  if (!stats.isDirectory() && !stats.isFile())
    throw new LonghandError(`grade: '${path}' is neither a folder nor a file`);
  const name = basename(path);
  let entries: Entry[];
  try {
    if (stats.isDirectory()) entries = entriesOfFolder(path);
    else if (/\.zip$/i.test(name)) {
      if (stats.size > MOST_OF_A_ZIP) throw new RangeError('more than 1 GB; unpack it, and name the folder');
      entries = entriesOfZip(bytesOf(path));
    } else entries = [{ path: name, kind: 'file', bytes: stats.size, read: () => bytesOf(path) }];
  } catch (error) {
    throw new LonghandError(`grade: '${path}' cannot be read: ${plain((error as Error).message)}`, { cause: error });
  }
  const all = stats.isDirectory() ? entries : withoutWrapping(entries);
  const found = isOne(all) ? [oneOf(name.replace(/\.zip$/i, ''), all)] : grouped(all);
  if (found.length === 0)
    throw new LonghandError(`grade: there is no submission in '${path}': no .ts file, no folder, no .zip`);
  return found;
}

/** A submission as it is kept: the same name with the same files is the same, and is not graded again. */
export function keyOf({ submission }: Owner, files: Sources | string): string {
  return createHash('sha256')
    .update(JSON.stringify([submission, files]))
    .digest('hex')
    .slice(0, 32);
}

/** Zips often hold one folder, and everything in it. */
function withoutWrapping(entries: readonly Entry[]): readonly Entry[] {
  const [first, ...others] = new Set(entries.map(({ path }) => path.split('/')[0]!));
  if (first === undefined || others.length > 0 || ownerOf(`${first}/`).id !== null) return entries;
  const within = entries.map(entry => ({ ...entry, path: entry.path.slice(first.length + 1) }));
  const isWork = isOne(within) || within.some(({ path }) => path === '' || /^practical\.[cm]?[jt]s$/.test(path));
  return isWork ? entries : within;
}

/** Whether these are the files of a folder that `learn` made. */
function isOne(entries: readonly Entry[]): boolean {
  return exerciseFiles.slice(0, 3).filter(file => entries.some(({ path }) => path === file)).length > 1;
}

/** What a teacher keeps beside the submissions: lists of marks, and notes. */
const isList = (path: string): boolean => /\.(csv|tsv|xlsx?|ods|numbers|txt|md|html?|json|jsonl|xml|log)$/i.test(path);

function grouped(entries: readonly Entry[]): Submission[] {
  const works = new Set(
    entries
      .filter(({ path }) => path.includes('/') || isSource(path) || isZip(path))
      .map(({ path }) => ownerOf(path).submission),
  );
  const groups = new Map<string, { owner: Owner; entries: Entry[] }>();
  for (const entry of entries) {
    const { path, ...owner } = ownerOf(entry.path);
    const isAlone = !entry.path.includes('/') && owner.id === null;
    if (isAlone && entry.kind === 'file' && !isSource(entry.path) && !isZip(entry.path)) {
      const isBeside = works.has(plain(entry.path.replace(/\.[^.]*$/, ''))); // the report to somebody's program
      if (isList(entry.path) || isBeside) continue;
    }
    const key = JSON.stringify([owner.submission, entry.path.includes('/')]);
    const group = groups.get(key) ?? { owner, entries: [] };
    group.entries.push({ ...entry, path });
    group.owner = { ...group.owner, late: group.owner.late || owner.late };
    groups.set(key, group);
  }
  const taken = new Map<string, number>();
  return [...groups.values()]
    .map(({ owner, entries }) => {
      const count = (taken.get(owner.submission) ?? 0) + 1;
      taken.set(owner.submission, count);
      const submission = count === 1 ? owner.submission : `${owner.submission} (${count})`;
      return { ...owner, submission, read: () => textsOf(entries) };
    })
    .sort((a, b) => (a.submission < b.submission ? -1 : a.submission > b.submission ? 1 : 0));
}

function oneOf(name: string, entries: readonly Entry[]): Submission {
  const owner = { submission: plain(name), student: null, id: null, late: false };
  return { ...owner, read: () => textsOf(entries) };
}

/** The programs among the files, those in a student's own zip included. */
function textsOf(entries: readonly Entry[], isWithinZip = false): Sources | string {
  const other = entries.find(({ kind }) => kind === 'other');
  if (other !== undefined)
    return `it holds '${plain(other.path)}', which is no ordinary file, and links are not followed`;
  const texts: Record<string, string> = Object.create(null);
  let bytes = 0;
  try {
    for (const entry of entries) {
      if (isZip(entry.path) && !isWithinZip) {
        if (entry.bytes > MOST_OF_A_STUDENTS_ZIP) return `'${plain(entry.path)}' has more than 32 MB`;
        const within = textsOf(entriesOfZip(entry.read(), MOST_IN_A_STUDENTS_ZIP), true);
        if (typeof within === 'string') return within;
        Object.assign(texts, within);
      }
      if (!isSource(entry.path)) continue;
      bytes += entry.bytes;
      if (entry.bytes > MOST_OF_A_FILE) return `'${plain(entry.path)}' has more than 1 MB`;
      if (bytes > MOST_OF_A_SUBMISSION) return 'its programs have more than 4 MB';
      if (Object.keys(texts).length >= MOST_FILES) return `it has more than ${MOST_FILES} programs`;
      texts[entry.path] = new TextDecoder().decode(entry.read());
    }
  } catch (error) {
    return `it cannot be read: ${plain((error as Error).message)}`;
  }
  return { ...texts };
}

const isSource = (path: string): boolean => /\.[cm]?[jt]s$/i.test(path);
const isZip = (path: string): boolean => /\.zip$/i.test(path);
