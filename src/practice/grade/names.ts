import { type Owner, plain } from './graded.ts';

/** A file of a download: whose it is, and its path in what they handed in. */
export interface Sorted extends Owner {
  readonly path: string;
}

/** `Jane Doe_12345_assignsubmission_file_/practical.ts`, or the same in a row where folders were not wanted. */
const moodle = /^(?<student>[^/]+?)_(?<id>\d+)_assignsubmission_(?:file|onlinetext)(?:_\/?|\/)(?<path>.*)$/s;
/** `doejane_LATE_12345_67890_practical-1.ts`; the last number is that of the file, `-1` of a second try. */
const canvas = /^(?<student>[^/_]+(?:_(?!LATE_)[^/_\d][^/_]*)*?)_(?<late>LATE_)?(?<id>\d+)_\d+_(?<path>[^/]+)$/s;

/** By the names that Moodle and Canvas give; anything else is one submission for each file or folder. */
export function ownerOf(path: string): Sorted {
  const fromMoodle = moodle.exec(path)?.groups;
  if (fromMoodle !== undefined) {
    const { student, id, path: rest } = fromMoodle as Record<'student' | 'id' | 'path', string>;
    return { submission: plain(`${student} ${id}`), student: plain(student), id, late: false, path: rest };
  }
  const fromCanvas = canvas.exec(path)?.groups;
  if (fromCanvas !== undefined) {
    const {
      student,
      id,
      late,
      path: rest,
    } = fromCanvas as Record<'student' | 'id' | 'path', string> & { late?: string };
    const own = rest.replace(/-\d+(?=\.[a-z]+$)/, '');
    return { submission: plain(`${student} ${id}`), student: plain(student), id, late: late !== undefined, path: own };
  }
  const slash = path.indexOf('/');
  const name = slash < 0 ? path.replace(/\.(?:[cm]?[jt]s|zip)$/i, '') : path.slice(0, slash);
  const rest = slash < 0 ? path : path.slice(slash + 1);
  return { submission: plain(name) || '(no name)', student: null, id: null, late: false, path: rest };
}
