import { settingNames } from '../../settings/table.ts';
import { measures } from '../../sweep/curve.ts';
import type { Statistics } from '../../sweep/statistics.ts';
import type { FigureStatistics, Row } from '../../sweep/summary.ts';

/**
 * The rows for a spreadsheet or a program: all settings, how many runs, and for each measure mean, deviation and range,
 * at full precision, errors in percent; at the end, `_at_300` after so many steps, `_steps` for when a goal is reached.
 * Where there is no number the cell is empty.
 */
export function csvOf(rows: readonly Row[], seeds: readonly number[]): string {
  const records = rows.map(row => ({
    ...Object.fromEntries(settingNames.filter(name => name !== 'seed').map(name => [name, row.settings[name]])),
    seeds: rangesOf(seeds),
    runs: row.runs,
    without_end: row.withoutEnd.length,
    why: row.withoutEnd[0]?.why ?? '',
    ...figures(row.end, ''),
    ...Object.assign({}, ...row.at.map(({ steps, figures: there }) => figures(there, `_at_${steps}`))),
    ...Object.assign(
      {},
      ...row.reached.map(({ goal, steps }) => cells(`${goal.measure}_${goal.value}_steps`, '', steps)),
    ),
  }));
  const lines = [Object.keys(records[0]!), ...records.map(record => Object.values(record))];
  return lines.map(line => `${line.map(cell => quoted(`${cell}`)).join(',')}\n`).join('');
}

function figures(there: FigureStatistics, where: string): Record<string, number | ''> {
  return Object.assign({}, ...measures.map(measure => cells(measure, where, there[measure])));
}

function cells(what: string, where: string, statistics: Statistics | undefined): Record<string, number | ''> {
  const { count, mean, deviation, least, most } = statistics ?? { count: 0 };
  return {
    [`${what}_runs${where}`]: count,
    [`${what}_mean${where}`]: mean ?? '',
    [`${what}_deviation${where}`]: count > 1 ? deviation! : '',
    [`${what}_least${where}`]: least ?? '',
    [`${what}_most${where}`]: most ?? '',
  };
}

/** `0..99`, `0..3 7`: as the command takes them, but for the comma. */
function rangesOf(seeds: readonly number[]): string {
  const sorted = [...seeds].sort((a, b) => a - b);
  const starts = sorted.filter((seed, i) => i === 0 || sorted[i - 1] !== seed - 1);
  const ends = sorted.filter((seed, i) => sorted[i + 1] !== seed + 1);
  return starts.map((start, i) => (start === ends[i] ? `${start}` : `${start}..${ends[i]}`)).join(' ');
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
