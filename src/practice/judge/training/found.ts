import { mistakesInTraining } from '../../mistakes/training.ts';
import type { FunctionFacts } from '../../protocol.ts';
import type { Examinee } from '../examinee.ts';
import { type Finding, failed } from '../finding.ts';
import { filled } from '../words.ts';

export interface Found {
  /**
   * A mistake of the catalogue in the training, told at its first line that has the first of `lines` in it, or else the
   * next of them, or else where it begins.
   */
  (mistake: string, fill?: Readonly<Record<string, string | number>>, ...lines: readonly RegExp[]): Finding;
  /** Whether a line of it has this. */
  readonly has: (line: RegExp) => boolean;
}

/** Tells what is found of a stage. */
export function findingsIn(stage: 'step' | 'loop', facts: FunctionFacts, examinee: Examinee): Found {
  const { file, line: begins } = facts;
  const own = (examinee.sources[file] ?? '').split('\n').slice(begins - 1);
  const lineWith = (pattern: RegExp): number => own.findIndex(text => pattern.test(text));
  const found = (
    mistake: string,
    fill: Readonly<Record<string, string | number>> = {},
    ...lines: readonly RegExp[]
  ): Finding => {
    const all: Readonly<Record<string, string | number>> = { function: facts.exportedAs, ...fill };
    const says = filled(mistakesInTraining[mistake]!, name =>
      all[name] === undefined ? undefined : String(all[name]),
    );
    const at = lines.map(lineWith).find(line => line !== -1) ?? 0;
    return failed(stage, { file, line: begins + at }, mistake, says);
  };
  return Object.assign(found, { has: (line: RegExp) => lineWith(line) !== -1 });
}
