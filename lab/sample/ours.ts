import sampleEngine from '../../src/engine/sample.ts?raw';
import * as functions from '../../src/practical.ts';
import practical from '../../src/practical.ts?raw';
import problem from '../../src/problem.ts?raw';
import { linesOf, type Sources, stepLineOf } from './lines.ts';
import type { Code } from './way.ts';

const sources: Sources = { 'src/practical.ts': practical, 'src/problem.ts': problem };

/** The practical's own six functions, and their lines as they stand in the file. */
export const ours: Code = { functions, lines: linesOf(sources) };

/** The line that takes the step of a parameter. */
export const stepLine = (parameter: string): ReturnType<typeof stepLineOf> =>
  stepLineOf(parameter, { 'src/engine/sample.ts': sampleEngine });
