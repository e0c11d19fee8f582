import { mistakesInTraining } from '../../mistakes/training.ts';
import type { FunctionFacts } from '../../protocol.ts';
import type { Examinee } from '../examinee.ts';
import { type Finding, failed } from '../finding.ts';
import { filled } from '../words.ts';

/** A mistake of the catalogue in the training, told at the first line of it that has `line` in it, or where it begins. */
export type Found = (mistake: string, fill?: Readonly<Record<string, string | number>>, line?: RegExp) => Finding;

/** Tells what is found of a stage. */
export function findingsIn(stage: 'step' | 'loop', facts: FunctionFacts, examinee: Examinee): Found {
  const { file, line: begins } = facts;
  const lineWith = (pattern: RegExp) => {
    const lines = (examinee.sources[file] ?? '').split('\n');
    const at = lines.findIndex((text, i) => i >= begins - 1 && pattern.test(text));
    return at === -1 ? begins : at + 1;
  };
  return (mistake, fill = {}, line) => {
    const all: Readonly<Record<string, string | number>> = { function: facts.exportedAs, ...fill };
    const says = filled(mistakesInTraining[mistake]!, name =>
      all[name] === undefined ? undefined : String(all[name]),
    );
    return failed(stage, { file, line: line === undefined ? begins : lineWith(line) }, mistake, says);
  };
}
