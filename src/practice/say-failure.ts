import type { Answer } from './protocol.ts';

/** An answer without a value, as far as a sentence needs it. */
export type Failure =
  | Pick<Extract<Answer, { kind: 'threw' }>, 'kind' | 'says' | 'file' | 'line'>
  | Extract<Answer, { kind: 'runaway' | 'died' }>;

/** What stopped one of a learner's functions, in a sentence. */
export function sayFailure(name: string, answer: Failure): string {
  switch (answer.kind) {
    case 'threw':
      return `${placeOf(answer)}${answer.says}`;
    case 'runaway':
      return `${placeOf(answer)}\`${answer.within ?? name}\` did not come to an end, and was stopped: is there a loop?`;
    case 'died':
      return `\`${name}\`: ${answer.says}`;
  }
}

const placeOf = ({ file, line }: { file: string | null; line: number | null }): string =>
  file === null ? '' : line === null ? `${file}: ` : `${file}:${line}: `;
