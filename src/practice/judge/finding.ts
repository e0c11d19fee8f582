import { misconduct } from '../mistakes/conduct.ts';
import type { FunctionFacts, Loop, Value } from '../protocol.ts';
import type { StageName, StageVerdict } from '../verdict.ts';
import type { Examinee, Failure } from './examinee.ts';
import { filled } from './words.ts';

/** What is found of one stage. */
export interface Finding extends Pick<StageVerdict, 'verdict' | 'mistake' | 'says' | 'file' | 'line'> {
  readonly stage: StageName;
  /** The stage that this one, which has no name in the learner's code, is computed in. */
  readonly within?: StageName;
}

export interface Place {
  readonly file: string | null;
  readonly line: number | null;
}

export const nowhere: Place = { file: null, line: null };

export function placeOf(facts: FunctionFacts | undefined): Place {
  return facts === undefined ? nowhere : { file: facts.file, line: facts.line };
}

export function passed(stage: StageName, { file, line }: Place): Finding {
  return { stage, verdict: 'passed', mistake: null, says: '', file, line };
}

export function waiting(stage: StageName, { file, line }: Place, says: string): Finding {
  return { stage, verdict: 'waiting', mistake: null, says, file, line };
}

export function failed(stage: StageName, { file, line }: Place, mistake: string | null, says: string): Finding {
  return { stage, verdict: 'failed', mistake, says, file, line };
}

/** A sentence of `misconduct`, filled in. */
export function misbehaved(
  stage: StageName,
  place: Place,
  mistake: string,
  fill: Readonly<Record<string, string | number>> = {},
): Finding {
  const all: Readonly<Record<string, string | number>> = { line: place.line ?? '?', ...fill };
  const says = filled(misconduct[mistake]!, name => (all[name] === undefined ? undefined : String(all[name])));
  return failed(stage, place, mistake, says.replace(/\?\./g, '?'));
}

/** What was meant, by what an operation says and by the line in which it stands. */
export type Hint = (
  says: string,
  source: string,
) => { readonly mistake: string; readonly fill?: Readonly<Record<string, string>> } | null;

/** A stage of a function that does not come to an answer. `hint` knows what the line was for. */
export function failure(
  stage: StageName,
  failure: Failure,
  facts: FunctionFacts,
  examinee: Examinee,
  hint: Hint = () => null,
): Finding {
  const name = facts.exportedAs;
  const here = placeOf(facts);
  switch (failure.kind) {
    case 'died':
      return misbehaved(stage, here, 'ends-the-program', { function: name, says: withoutStop(failure.says) });
    case 'runaway': {
      if (failure.line === null) return misbehaved(stage, here, 'runaway-somewhere', { function: name });
      const place = { file: failure.file ?? here.file, line: failure.line };
      // a function that is called in a loop may be where its time was over
      const loop = loopAt(place, examinee) ?? loopsIn(facts, examinee)[0];
      if (loop !== undefined) return misbehaved(stage, loop, 'runaway-loop', { kind: loop.kind });
      if (failure.within === '') return misbehaved(stage, place, 'runaway-file');
      return misbehaved(stage, place, 'runaway', { within: failure.within ?? name });
    }
    case 'threw': {
      const says = withoutStop(failure.says);
      if (failure.line === null) return misbehaved(stage, here, 'throws-somewhere', { function: name, says });
      const place = { file: failure.file ?? here.file, line: failure.line };
      if (failure.loading) return misbehaved(stage, place, 'file-stops', { says });
      const source = lineOf(examinee, place);
      if (says.endsWith('is not a function') && failure.line === facts.line)
        return misbehaved(stage, place, 'not-a-function', { function: name });
      if (says.startsWith('a tensor has no `.')) return misbehaved(stage, place, 'name-not-there', { says });
      const hinted = hint(says, source);
      if (hinted === null) return misbehaved(stage, place, 'throws', { function: name, says });
      // the sentence has its own idea of what was meant
      return misbehaved(stage, place, hinted.mistake, {
        ...hinted.fill,
        says: says.replace(/\. Did you mean .*$/, ''),
      });
    }
  }
}

function loopsIn(facts: FunctionFacts, { transformed: { functions, loops } }: Examinee): readonly Loop[] {
  return loops.filter(({ within, kind }) => functions[within] === facts && /^(for|while|do)$/.test(kind));
}

/** The loop that begins in a line. */
export function loopAt({ file, line }: Place, { transformed }: Examinee): Loop | undefined {
  return transformed.loops.find(loop => loop.file === file && loop.line === line && loop.kind !== 'recursion');
}

/** The text of a line of theirs. */
export function lineOf(examinee: Examinee, { file, line }: Place): string {
  return examinee.sources[file ?? '']?.split('\n')[(line ?? 0) - 1] ?? '';
}

function withoutStop(says: string): string {
  return says.replace(/\.$/, '');
}

/** What is wrong with a value that is no tensor, or null. */
export function noTensor(stage: StageName, value: Value, facts: FunctionFacts): Finding | null {
  const place = placeOf(facts);
  const fill = { function: facts.exportedAs };
  switch (value.kind) {
    case 'tensor':
      return null;
    case 'nothing':
      if (facts.emptyReturn === undefined) return misbehaved(stage, place, 'missing-return', fill);
      return misbehaved(stage, { file: facts.file, line: facts.emptyReturn }, 'empty-return', fill);
    case 'number':
      return misbehaved(stage, place, 'number-for-a-tensor', fill);
    case 'list':
      return misbehaved(stage, place, 'list-for-a-tensor', fill);
    case 'text':
      return misbehaved(stage, place, 'no-tensor', { ...fill, what: 'a string' });
    case 'other':
      if (/promise/i.test(value.what)) return misbehaved(stage, place, 'promise-for-a-tensor', fill);
      return misbehaved(stage, place, 'no-tensor', { ...fill, what: value.what });
  }
}
