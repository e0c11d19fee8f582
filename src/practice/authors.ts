import { startInProcess } from './answerer/in-process.ts';
import { codeOf, solution } from './as-written.ts';
import { type ExerciseFile, exerciseFiles, exercises, solutionOf, stubOf } from './exercises.ts';
import { forLayer, mistakes } from './judge/diagnosis.ts';
import type { FormulaStage } from './judge/formulas.ts';
import { judge } from './judge/judge.ts';
import { misconduct } from './mistakes/conduct.ts';
import { standingOf } from './standing.ts';

/** What is found of the exercises themselves. */
export interface AuthorsReport {
  /** What is not as it should be, a line each. */
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<'stubs' | 'solutions' | 'hints' | 'explanations' | 'mistakes', number>>;
}

/** Longer texts would not leave the rest of a page on a screen of 80 × 24. */
const LONGEST_HINT = 240;
const LONGEST_EXPLANATION = 760;
const SEED = 1;

/**
 * Checks the exercises themselves: every stub fails as long as nothing is written, every solution passes, every stage has
 * three hints and every exercise an explanation, none of them too long for a small screen; and every mistake of the
 * catalogue has a sentence and is found where somebody makes it. It runs no code but ours.
 */
export async function checkAuthors(): Promise<AuthorsReport> {
  const faults: string[] = [];
  const files = (of: (file: ExerciseFile) => string) => Object.fromEntries(exerciseFiles.map(file => [file, of(file)]));
  const solved = files(solutionOf);

  const { stages } = await judge(solved, startInProcess, { seed: SEED });
  for (const { name, verdict, says } of stages)
    if (verdict !== 'passed') faults.push(`the solution of ${name} does not pass: ${says}`);
  for (const file of exerciseFiles) {
    const verdict = await judge({ ...solved, [file]: stubOf(file) }, startInProcess, { seed: SEED });
    for (const exercise of exercises.filter(exercise => exercise.file === file)) {
      const { stages } = standingOf(verdict, exercise);
      for (const { name, verdict: found } of stages)
        if (found !== 'missing')
          faults.push(`the stub of ${name} in ${file} is not told from what is written: ${found}`);
    }
  }

  let hints = 0;
  for (const { name, explanation, stages } of exercises) {
    faults.push(...textFaults(`the explanation of ${name}`, explanation, LONGEST_EXPLANATION));
    for (const stage of stages) {
      if (new Set(stage.hints).size !== 3) faults.push(`${stage.name} has not three hints`);
      for (const hint of stage.hints) faults.push(...textFaults(`a hint for ${stage.name}`, hint, LONGEST_HINT));
      hints += stage.hints.length;
    }
  }

  for (const [id, says] of Object.entries(misconduct)) faults.push(...textFaults(`the mistake ${id}`, says));
  for (const { id, stages, computes, says } of mistakes) {
    faults.push(...textFaults(`the mistake ${id}`, says));
    for (const stage of stages as FormulaStage[]) {
      for (const formula of computes) {
        const made = { 'mine.ts': solution({ [stage]: codeOf(forLayer(formula, stage)) }) };
        const verdict = await judge(made, startInProcess, { seed: SEED });
        const found = verdict.stages.find(({ verdict }) => verdict === 'failed');
        if (found?.name !== stage || found.mistake !== forLayer(id, stage))
          faults.push(
            `${forLayer(id, stage)} at ${stage}, made by ${formula}, is taken for ${found?.mistake} at ${found?.name}`,
          );
      }
    }
  }
  return {
    faults,
    counts: {
      stubs: exercises.length,
      solutions: exercises.length,
      hints,
      explanations: exercises.length,
      mistakes: mistakes.length + Object.keys(misconduct).length,
    },
  };
}

function textFaults(what: string, text: string, longest: number = Number.POSITIVE_INFINITY): string[] {
  const faults: string[] = [];
  if (text.trim() === '') faults.push(`${what} is empty`);
  else if (!/[.?!`]\)?$/.test(text.trim())) faults.push(`${what} does not end as a sentence does`);
  if (text.length > longest) faults.push(`${what} has ${text.length} characters; more than ${longest} are too long`);
  return faults;
}
