import type { Settings } from '../settings/table.ts';
import { type Figures, type Measure, measures } from './curve.ts';
import type { Grid } from './grid.ts';
import type { Goal, Observed, Questions } from './observed.ts';
import { type Statistics, statisticsOf } from './statistics.ts';

/** What is said of one combination of settings, over its seeds. */
export interface Row {
  readonly settings: Settings;
  /** How many runs were trained, those that came to no end among them. */
  readonly runs: number;
  /** Those that did, by their seeds. */
  readonly withoutEnd: readonly { readonly seed: number; readonly why: string }[];
  readonly end: FigureStatistics;
  /** At each of the steps that were asked for. */
  readonly at: readonly { readonly steps: number; readonly figures: FigureStatistics }[];
  /** For each goal, of the runs that reach it, after how many steps they do. */
  readonly reached: readonly { readonly goal: Goal; readonly steps: Statistics | undefined }[];
}

export type FigureStatistics = Readonly<Record<Measure, Statistics | undefined>>;

/** A row for each of the grid's. `observed` are its runs, row by row and seed by seed. */
export function summaryOf(grid: Grid, observed: readonly Observed[], { at, goals }: Questions): Row[] {
  const { seeds } = grid;
  return grid.rows.map((settings, row) => {
    const runs = observed.slice(row * seeds.length, (row + 1) * seeds.length);
    return {
      settings,
      runs: runs.length,
      withoutEnd: runs.flatMap((run, i) => {
        const why = run.diverged ?? run.failed;
        return why === undefined ? [] : [{ seed: seeds[i]!, why }];
      }),
      end: over(runs.map(run => run.end)),
      at: at.map((steps, i) => ({ steps, figures: over(runs.map(run => run.at[i])) })),
      reached: goals.map((goal, i) => ({ goal, steps: statisticsOf(present(runs.map(run => run.reached[i]))) })),
    };
  });
}

function over(figures: readonly (Figures | undefined)[]): FigureStatistics {
  const there = present(figures);
  const of = (measure: Measure) => [measure, statisticsOf(there.map(values => values[measure]))];
  return Object.fromEntries(measures.map(of)) as FigureStatistics;
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter(value => value !== undefined);
}
