import { type Rows, rowsOf } from '../engine/rows.ts';
import { Plateau, type Standstill } from '../plateau.ts';
import type { Listener } from '../story.ts';

/** Notes on a training from its first step on. */
export function plateauNotes(note: (line: string) => void): Listener {
  let plateau: Plateau | undefined;
  return {
    begins({ firstStep, problem, engine }) {
      if (firstStep > 0) return; // how a run that goes on began is not known
      plateau = new Plateau(sumOfSquares(rowsOf(problem.trainTarget)), () => engine.responses('train'));
    },
    async step(report) {
      const standstill = await plateau?.after(report);
      if (standstill !== undefined) note(`step ${report.step}: ${sentences[standstill]}`);
    },
  };
}

function sumOfSquares({ shape: [count], rows }: Rows): number {
  let sum = 0;
  for (let first = 0; first < count; first += 1000) {
    for (const x of rows(first, Math.min(count, first + 1000))) sum += x * x;
  }
  return sum;
}

/** What a terminal says of it, with the options that would change it. */
export const sentences: Readonly<Record<Standstill, string>> = {
  plateau:
    'a plateau, no mistake: every image gets the same answer while w1 and w2 are near 0. ' +
    'They grow with each step, unseen until they matter.',
  'plateau over': 'the plateau is over: the hidden units begin to tell images apart.',
  'began saturated':
    'the initial weights are too large: tanh is saturated, its slopes near 0, and the loss falls slowly if at all. ' +
    'Try a smaller --epsilon.',
  saturated:
    'the loss stands still, above that of answering 0 to every image: tanh is saturated, its slopes near 0. ' +
    'Try a smaller --eta or --epsilon.',
};
