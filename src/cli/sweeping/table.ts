import type { SettingName } from '../../settings/table.ts';
import { type Measure, measures } from '../../sweep/curve.ts';
import { inWords } from '../../sweep/grid.ts';
import type { Goal } from '../../sweep/observed.ts';
import type { Statistics } from '../../sweep/statistics.ts';
import type { FigureStatistics, Row } from '../../sweep/summary.ts';
import { stepCount } from '../progress.ts';
import { wrap } from '../wrap.ts';

/** What the measures are called, and their units. */
export const measureNames: Readonly<Record<Measure, string>> = {
  loss: 'training loss',
  training_error: 'training error',
  test_error: 'test error',
};
const unit = (measure: Measure): string => (measure === 'loss' ? '' : ' %');

/** `test error ≤ 15.7 %` */
const goalName = ({ measure, value }: Goal): string => `${measureNames[measure]} ≤ ${value}${unit(measure)}`;

/** Some of the rows' figures: after so many steps, of so many runs. */
interface Line {
  readonly row: Row;
  readonly steps: number;
  readonly figures: FigureStatistics;
}

/** At each step that was asked for, and at the end. */
function linesOf(row: Row): Line[] {
  const { steps } = row.settings;
  const before = row.at.filter(at => at.steps < steps);
  return [...before, { steps, figures: row.end }].map(({ steps, figures }) => ({ row, steps, figures }));
}

/**
 * The rows as a text of at most `columns`: a table where there is room for one, otherwise the same one below the other.
 * `varied` are the settings in which the rows differ.
 */
export function tableOf(rows: readonly Row[], varied: readonly SettingName[], columns: number): string {
  const names = varied.filter(name => name !== 'steps');
  const table = wide(rows, names);
  const fits = table.every(line => line.length <= columns);
  const figures = fits ? table : rows.flatMap(row => [...narrow(row, names), '']).slice(0, -1);
  return [...figures, ...withoutEnd(rows, varied, columns), ...whenReached(rows, varied, columns)]
    .map(line => `${line.trimEnd()}\n`)
    .join('');
}

function wide(rows: readonly Row[], names: readonly SettingName[]): string[] {
  const head = [...names, 'steps', 'runs', ...measures.map(measure => measureNames[measure])];
  const cells = rows.flatMap(row =>
    linesOf(row).flatMap(({ steps, figures }) => [
      [
        ...names.map(name => `${row.settings[name]}`),
        ...[`${steps}`, `${figures.loss?.count ?? 0}`],
        ...measures.map(measure => meanOf(figures[measure], measure)),
      ],
      ['', '', ...names.map(() => ''), ...measures.map(measure => rangeOf(figures[measure], measure))],
    ]),
  );
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map(line => line[i]!.length)));
  const lines = [head, ...cells].filter(line => line.some(cell => cell !== ''));
  return lines.map(line => line.map((cell, i) => cell.padStart(widths[i]!)).join('  '));
}

function narrow(row: Row, names: readonly SettingName[]): string[] {
  const width = Math.max(...measures.map(measure => measureNames[measure].length));
  return [
    ...(names.length > 0 ? [inWords(row.settings, names)] : []),
    ...linesOf(row).flatMap(({ steps, figures }) => [
      `after ${stepCount(steps)}, ${runCount(figures.loss?.count ?? 0)}`,
      ...measures.flatMap(measure => [
        `  ${measureNames[measure].padEnd(width)}  ${meanOf(figures[measure], measure)}`,
        ...[rangeOf(figures[measure], measure)].filter(Boolean).map(range => `  ${''.padEnd(width)}  ${range}`),
      ]),
    ]),
  ];
}

const runCount = (count: number): string => `${count} run${count === 1 ? '' : 's'}`;

const decimals = (measure: Measure): number => (measure === 'loss' ? 1 : 2);

function meanOf(statistics: Statistics | undefined, measure: Measure): string {
  if (statistics === undefined) return '–';
  const { count, mean, deviation } = statistics;
  const digits = decimals(measure);
  return `${mean.toFixed(digits)}${count > 1 ? ` ± ${deviation.toFixed(digits)}` : ''}${unit(measure)}`;
}

function rangeOf(statistics: Statistics | undefined, measure: Measure): string {
  if (statistics === undefined || statistics.count === 1) return '';
  const digits = decimals(measure);
  return `${statistics.least.toFixed(digits)} … ${statistics.most.toFixed(digits)}${unit(measure) && '  '}`;
}

/** Runs that came to no end, with the reason of the first. */
function withoutEnd(rows: readonly Row[], varied: readonly SettingName[], columns: number): string[] {
  const some = rows.filter(row => row.withoutEnd.length > 0);
  const lines = some.flatMap(row => {
    const seeds = row.withoutEnd.map(({ seed }) => seed);
    const shown = seeds.length > 5 ? `${seeds.slice(0, 5).join(', ')}, …` : seeds.join(', ');
    const which = varied.length > 0 ? `${inWords(row.settings, varied)}: ` : '';
    const how = `${seeds.length} of ${row.runs} without an end (seed${seeds.length > 1 ? 's' : ''} ${shown})`;
    return wrap(`${which}${how}: ${row.withoutEnd[0]!.why}`, columns);
  });
  return lines.length > 0 ? ['', ...lines] : [];
}

/** For each goal, after how many steps it was reached first. */
function whenReached(rows: readonly Row[], varied: readonly SettingName[], columns: number): string[] {
  const goals = rows[0]!.reached.map(({ goal }) => goal);
  return goals.flatMap((goal, i) => {
    const lines = rows.flatMap(row => {
      const { steps } = row.reached[i]!;
      const which = varied.length > 0 ? `${inWords(row.settings, varied)}: ` : '';
      const count = steps?.count ?? 0;
      if (steps === undefined) return wrap(`${which}in none of ${runCount(row.runs)}`, columns);
      const mean = count > 1 ? `${steps.mean.toFixed(0)} ± ${steps.deviation.toFixed(0)} steps` : stepCount(steps.mean);
      const range = count > 1 ? ` (${steps.least} … ${steps.most})` : '';
      return wrap(`${which}in ${count} of ${runCount(row.runs)}, first after ${mean}${range}`, columns);
    });
    return ['', goalName(goal), ...lines];
  });
}
