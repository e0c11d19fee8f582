import type { Answer } from './protocol.ts';

/** An answer without a value, as far as a sentence needs it. */
export type Failure =
  | Pick<Extract<Answer, { kind: 'threw' }>, 'kind' | 'says' | 'file' | 'line'>
  | Extract<Answer, { kind: 'runaway' | 'died' }>;

/** What stopped a learner's code, in a sentence; `who` it was, where the answer does not tell: `sigma` in backticks. */
export function sayFailure(who: string, answer: Failure): string {
  switch (answer.kind) {
    case 'threw':
      return `${placeOf(answer)}${answer.says}`;
    case 'runaway':
      return `${placeOf(answer)}${answer.within === null ? who : `\`${answer.within}\``} did not come to an end, and was stopped: is there a loop?`;
    case 'died':
      return `${who}: ${answer.says}`;
  }
}

const placeOf = ({ file, line }: { file: string | null; line: number | null }): string =>
  file === null ? '' : line === null ? `${file}: ` : `${file}:${line}: `;
