import type { StageVerdict } from '../verdict.ts';

/** Whose work it is, as far as the name of a download tells. */
export interface Owner {
  /** The submission's name, made of the file's or the folder's: what the table shows. */
  readonly submission: string;
  readonly student: string | null;
  /** The number by which Moodle or Canvas knows them. */
  readonly id: string | null;
  /** Handed in late, where the name says so. */
  readonly late: boolean;
}

/** What came of one submission. */
export interface Graded extends Owner {
  readonly passed: boolean;
  /** The share of the points, 0 to 1. */
  readonly score: number;
  readonly stages: readonly StageVerdict[];
  /** Why there is no verdict, where there is none. */
  readonly reason: string | null;
  /** The files that were judged, the main one first. */
  readonly files: readonly string[];
  /** The same for programs that differ in names, comments and white space only; null where they cannot be read. */
  readonly program: string | null;
}

/** One line without what steers a terminal or turns the direction of writing: names and messages may be hostile. */
export function plain(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
