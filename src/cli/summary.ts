import type { Parameters, Problem } from '../engine/index.ts';
import { confusions } from '../predict/confusion.ts';
import type { StepReport } from '../train.ts';
import { chart } from './chart.ts';

interface Outcome {
  /** Of the steps of this training, in order; none where a run that goes on had done all of them. */
  readonly reports: readonly StepReport[];
  /** All steps of the run so far. */
  readonly done: number;
  /** Those that were asked for. */
  readonly steps: number;
  readonly parameters: Parameters;
  readonly problem: Pick<Problem, 'testInput' | 'testTarget'>;
  /** The folder that the run was saved in, if it was. */
  readonly folder: string | undefined;
  /** The arguments that the command was given. */
  readonly args: readonly string[];
  /** Characters to a line. */
  readonly columns: number;
}

/** What a terminal shows when a training has ended: how it went, what the network mistakes, and what to do with it. */
export function summary({ reports, done, steps, parameters, problem, folder, args, columns }: Outcome): string {
  const parts = reports.length === 0 ? [] : [curves(reports, columns), mistakes(parameters, problem)];
  parts.push(folder === undefined ? howToSave(args) : whatNext(folder, done, steps, columns));
  return `\n${parts.join('\n\n')}\n`;
}

const HEIGHT = 9;

/** The loss and the errors, beside each other where there is room. */
function curves(reports: readonly StepReport[], columns: number): string {
  const beside = columns >= 80;
  const width = Math.min(60, beside ? Math.floor((columns - 4) / 2) : columns - 1);
  const size = { width, height: HEIGHT, firstStep: reports[0]!.step };
  const percent = (value: number) => `${value.toFixed(2)}%`;
  const loss = chart(
    'loss',
    [{ name: 'training', values: reports.map(report => report.trainLoss), format: value => value.toFixed(2) }],
    size,
  );
  const errors = chart(
    'errors in %',
    [
      { name: 'training', values: reports.map(report => report.trainError), format: percent },
      { name: 'test', values: reports.map(report => report.testError), format: percent },
    ],
    size,
  );
  const lines = beside ? loss.map((line, i) => `${line}   ${errors[i]}`) : [...loss, '', ...errors];
  return lines.map(line => line.trimEnd()).join('\n');
}

const MOST_PAIRS = 5;

function mistakes(parameters: Parameters, { testInput, testTarget }: Outcome['problem']): string {
  const pairs = confusions(parameters, testInput, testTarget);
  if (pairs.length === 0) return 'No test sample is mistaken.';
  const width = String(pairs[0]!.count).length;
  const lines = pairs.slice(0, MOST_PAIRS).map(({ label, takenFor, count, of }) => {
    const share = ((100 * count) / of).toFixed(1);
    return `  ${label} taken for ${takenFor}   ${String(count).padStart(width)} of ${of}, ${share}%`;
  });
  return ['What it mistakes most in the test set:', ...lines].join('\n');
}

function whatNext(folder: string, done: number, steps: number, columns: number): string {
  const run = quoted(folder);
  const goOn = `npx longhand train --resume ${run}`;
  return [
    `The run is saved in ${folder}.`,
    'What can be done with it:',
    ...commandLines(columns, [
      [`npx longhand predict ${run} PICTURE.png`, 'read a digit of your own'],
      [`npx longhand export ${run} --to onnx`, 'take the network elsewhere'],
      done < steps ? [goOn, `go on to step ${steps}`] : [`${goOn} --steps ${2 * done}`, 'train on'],
    ]),
  ].join('\n');
}

function howToSave(args: readonly string[]): string {
  return [
    'This run was not saved. This saves it:',
    `  npx longhand ${[...args, '--out', 'run'].map(quoted).join(' ')}`,
  ].join('\n');
}

/** Commands, and what each is for beside it or, where that is too wide, above it. A command stays whole, to be copied. */
function commandLines(columns: number, rows: readonly (readonly [command: string, what: string])[]): string[] {
  const width = Math.max(...rows.map(([command]) => command.length));
  const lines = rows.map(([command, what]) => `  ${command.padEnd(width)}   ${what}`);
  return lines.every(line => line.length < columns)
    ? lines
    : rows.flatMap(([command, what]) => [`${what}:`, `  ${command}`]);
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
