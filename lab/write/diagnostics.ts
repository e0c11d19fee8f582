import { type Signal, signal } from '@preact/signals';
import type { Sources } from '../../src/practice/protocol.ts';
import { checkTypes } from '../own/types/types.ts';

/** Something to be underlined in a file, and what is said of it. */
export interface FileDiagnostic {
  readonly file: string;
  /** Characters of the file, from 0 on; `to` is behind the last one. */
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
}

/**
 * Who looks at the files while they are written, besides the judge: the editor calls it after a pause in typing and
 * underlines what it gives. Only the answer to the latest call counts.
 */
export const diagnose: Signal<((files: Sources) => Promise<readonly FileDiagnostic[]>) | undefined> =
  signal(checkTypes);
