import { readdirSync, readFileSync } from 'node:fs';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { judge } from '../src/practice/judge/judge.ts';
import type { StageVerdict, Verdict } from '../src/practice/verdict.ts';

// The work of imagined learners, in practice/suite. It was written without sight of the judge's catalogue of mistakes,
// so that what the judge makes of it tells what it will make of a stranger's work.

/** A file of the suite. */
export interface Work {
  readonly name: string;
  readonly source: string;
}

/** One with a mistake, and what its first lines say of it: what a teacher would see there. */
export interface Mistaken extends Work {
  /** The stages that must be red, and no other. */
  readonly stages: readonly string[];
  /** What the learner did, a line for each mistake. */
  readonly mistakes: readonly string[];
  /** What any good sentence says: one of the words of each of these lists. */
  readonly mentions: readonly (readonly string[])[];
  /** `unnamed` where no checker can be expected to know it: it must be rejected, and no more. */
  readonly kind: string;
}

const files = (folder: 'mistaken' | 'right'): Work[] =>
  readdirSync(`test/practice/suite/${folder}`)
    .sort()
    .map(name => ({ name, source: readFileSync(`test/practice/suite/${folder}/${name}`, 'utf8') }));

export const rightWork: readonly Work[] = files('right');

export const mistakenWork: readonly Mistaken[] = files('mistaken').map(work => {
  const said = (key: string) =>
    [...work.source.matchAll(new RegExp(`^// ${key}: (.+)$`, 'gm'))].map(([, text]) => text!.trim());
  return {
    ...work,
    stages: said('stage'),
    mistakes: said('mistake'),
    mentions: said('mentions').flatMap(line => line.split(', ').map(words => words.split(' | '))),
    kind: said('kind')[0]!,
  };
});

export const verdictOn = ({ source }: Work, seed: number): Promise<Verdict> =>
  judge({ 'mine.ts': source }, startInProcess, { seed });

/** The red lines: what failed, and what is not there at all, of which only the first of its function counts. */
export function redStages({ stages }: Verdict): readonly StageVerdict[] {
  return stages.filter(
    ({ verdict }, i) => verdict === 'failed' || (verdict === 'missing' && stages[i - 1]?.verdict !== 'missing'),
  );
}

/** The mentions that a sentence has not, whether it writes dlDx2 or dl_dx2. */
export function unsaid(sentence: string, { mentions }: Mistaken): readonly string[] {
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '').replaceAll('−', '-');
  const letter = '[a-z0-9]';
  const has = (word: string) =>
    /^\w+$/.test(word)
      ? // a short name stands by itself; of a word any ending will do
        new RegExp(`(?<!${letter})${plain(word)}${word.length > 2 ? '' : `(?!${letter})`}`).test(plain(sentence))
      : plain(sentence).includes(plain(word));
  return mentions.filter(words => !words.some(has)).map(words => words.join(' | '));
}
