import type { Settings } from '../../settings/table.ts';
import { type Measure, measures } from '../../sweep/curve.ts';
import { type Grid, inWords } from '../../sweep/grid.ts';
import { type Goal, type Observed, shownSteps } from '../../sweep/observed.ts';
import { quantile } from '../../sweep/statistics.ts';
import { measureNames } from './table.ts';

/** As many as can be told apart: the colours of Okabe and Ito, which nobody's eyes confuse. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#444444', '#8a6d00'];
export const MOST_CURVES: number = COLOURS.length;

/** The size of a slide, in the units of the picture. Its letters are large enough to be read from the last row. */
const [WIDTH, HEIGHT] = [1600, 900];
const MARGIN = 48;
/** Beside a panel: on its left the numbers of its axis, on its right the last values of its curves. */
const [LEFT, RIGHT] = [84, 84];
const GAP = 12;
const LETTER = 0.56; // how wide a letter is, as a part of its size

/** The band leaves out a tenth of the seeds below it and a tenth above it. */
const [LOW, HIGH] = [0.1, 0.9];

interface Panel {
  readonly measure: Measure;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A row's curve over its seeds, at each step at which at least one of them has a value. */
interface Band {
  readonly steps: readonly number[];
  readonly low: readonly number[];
  readonly median: readonly number[];
  readonly high: readonly number[];
}

/**
 * The curves of all rows as a picture, in SVG: for each measure a panel, for each row the median over its seeds, with its
 * last value, and the band in which eight of ten seeds lie. `observed` are the runs, row by row and seed by seed.
 */
export function curvesPicture(
  grid: Grid,
  observed: readonly Observed[],
  { goals, title }: { readonly goals: readonly Goal[]; readonly title: string },
): string {
  const names = grid.rows.length > 1 ? grid.rows.map(row => inWords(row, grid.varied)) : [];
  const { legend, bottom } = legendOf(names);
  const width = (WIDTH - 2 * MARGIN - 2 * GAP) / measures.length;
  const panels = measures.map((measure, i): Panel => {
    const left = MARGIN + i * (width + GAP);
    return { measure, left: left + LEFT, right: left + width - RIGHT, top: bottom + 86, bottom: HEIGHT - 112 };
  });
  const longest = Math.max(...grid.rows.map(({ steps }) => steps));
  const drawn = panels.map(panel => {
    const bands = grid.rows.map((row, i) =>
      bandOf(row, observed.slice(i * grid.seeds.length, (i + 1) * grid.seeds.length), panel.measure),
    );
    return panelOf(panel, bands, { longest, goals: goals.filter(({ measure }) => measure === panel.measure) });
  });
  const count = grid.seeds.length;
  const says = count > 1 ? `line: median of ${count} seeds; band: 8 of 10 seeds` : `seed ${grid.seeds[0]}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="'Source Sans 3', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif" fill="#222">`,
    `<title>${escaped(title)}: ${escaped(says)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(MARGIN, 76, title, { size: 42, weight: 600 }),
    text(MARGIN, 120, says, { size: 28, colour: '#555' }),
    ...legend,
    ...drawn.flat(),
    text(WIDTH / 2, HEIGHT - 28, 'gradient steps', { size: 28, anchor: 'middle' }),
    '</svg>',
    '',
  ].join('\n');
}

/** The rows' names in their colours, in as many lines as they want; and where they end. */
function legendOf(names: readonly string[]): { legend: string[]; bottom: number } {
  const legend: string[] = [];
  let [x, y] = [MARGIN, 172];
  for (const [i, name] of names.entries()) {
    const width = 64 + name.length * 28 * LETTER + 36;
    if (x > MARGIN && x + width > WIDTH - MARGIN) [x, y] = [MARGIN, y + 42];
    legend.push(
      `<rect x="${x}" y="${y - 22}" width="50" height="26" fill="${COLOURS[i]}" opacity="0.2"/>`,
      `<path d="M${x} ${y - 9}h50" stroke="${COLOURS[i]}" stroke-width="5"/>`,
      text(x + 62, y, name, { size: 28 }),
    );
    x += width;
  }
  return { legend, bottom: names.length > 0 ? y : 130 };
}

function bandOf({ steps }: Settings, runs: readonly Observed[], measure: Measure): Band {
  const shown = shownSteps(steps);
  const sorted = shown
    .map((_, i) => runs.map(run => run.curve![measure][i]).filter(value => value !== undefined))
    .map(values => values.sort((a, b) => a - b))
    .filter(values => values.length > 0);
  const at = (share: number) => sorted.map(values => quantile(values, share));
  return { steps: shown.slice(0, sorted.length), low: at(LOW), median: at(0.5), high: at(HIGH) };
}

function panelOf(
  panel: Panel,
  bands: readonly Band[],
  { longest, goals }: { readonly longest: number; readonly goals: readonly Goal[] },
): string[] {
  const { measure, left, right, top, bottom } = panel;
  const values = [...bands.flatMap(({ low, high }) => [...low, ...high]), ...goals.map(({ value }) => value)];
  const axis = axisOf(values, bottom, top);
  const x = (steps: number) => rounded(left + (steps / longest) * (right - left));
  const y = (value: number) => rounded(axis.place(value));
  const line = (steps: readonly number[], of: readonly number[]) =>
    steps.map((step, i) => `${x(step)} ${y(of[i]!)}`).join('L');

  const name = measure === 'loss' ? measureNames.loss : `${measureNames[measure]}, %`;
  const parts = [text(left - LEFT + 8, top - 26, name, { size: 32, weight: 600 })];
  const isFree = (tick: number) => goals.every(({ value }) => Math.abs(y(value) - y(tick)) > 30);
  for (const tick of axis.ticks.filter(isFree))
    parts.push(
      `<path d="M${left} ${y(tick)}H${rounded(right)}" stroke="#ddd" stroke-width="2"/>`,
      text(left - 12, y(tick) + 9, short(tick), { size: 26, anchor: 'end', colour: '#444' }),
    );
  for (const tick of ticksOf(longest))
    parts.push(
      `<path d="M${x(tick)} ${bottom}v10" stroke="#888" stroke-width="2"/>`,
      text(x(tick), bottom + 40, short(tick), { size: 26, anchor: 'middle', colour: '#444' }),
    );
  for (const { value } of goals)
    parts.push(
      `<path d="M${left} ${y(value)}H${rounded(right)}" stroke="#222" stroke-width="2.5" stroke-dasharray="10 8"/>`,
      text(left - 12, y(value) + 9, `${value}`, { size: 26, weight: 700, anchor: 'end' }),
    );
  for (const [i, { steps, low, high }] of bands.entries())
    if (steps.length > 0)
      parts.push(
        `<path d="M${line(steps, high)}L${line([...steps].reverse(), [...low].reverse())}Z" fill="${COLOURS[i]}" opacity="0.2"/>`,
      );
  for (const [i, { steps, median }] of bands.entries())
    if (steps.length > 0)
      parts.push(
        `<path d="M${line(steps, median)}" fill="none" stroke="${COLOURS[i]}" stroke-width="4.5" stroke-linejoin="round"/>`,
      );
  parts.push(`<path d="M${left} ${bottom}H${rounded(right)}" stroke="#888" stroke-width="2"/>`);
  const ends = bands.flatMap(({ median }, i) =>
    median.length > 0 ? [{ at: axis.place(median.at(-1)!), value: median.at(-1)!, colour: COLOURS[i]! }] : [],
  );
  for (const { at, value, colour } of apart(ends, 30))
    parts.push(text(right + 12, rounded(at) + 9, figure(value), { size: 28, weight: 600, colour }));
  return parts;
}

/**
 * A logarithmic axis over these values: errors and losses fall by a factor, and what they come to is as readable as what
 * they begin with. Where a value is 0 the axis ends in one.
 */
function axisOf(
  values: readonly number[],
  bottom: number,
  top: number,
): { readonly ticks: readonly number[]; place(value: number): number } {
  const positive = values.filter(value => value > 0);
  const least = positive.reduce((a, b) => Math.min(a, b), positive.length > 0 ? Infinity : 1);
  const most = Math.max(
    positive.reduce((a, b) => Math.max(a, b), least),
    1.5 * least,
  );
  const hasZero = positive.length < values.length;
  const [from, to] = [Math.log10(least / 1.08), Math.log10(most * 1.08)];
  const floor = hasZero ? bottom - 60 : bottom;
  const place = (value: number) =>
    value > 0 ? floor - ((Math.log10(value) - from) / (to - from)) * (floor - top) : bottom;

  const between = (digits: readonly number[]) =>
    Array.from({ length: Math.ceil(to) - Math.floor(from) + 1 }, (_, i) => Math.floor(from) + i)
      .flatMap(power => digits.map(digit => Number(`${digit}e${power}`)))
      .filter(tick => tick >= 10 ** from && tick <= 10 ** to);
  const choices = [[1, 1.5, 2, 3, 4, 5, 6, 8], [1, 2, 3, 5], [1, 3], [1]].map(between);
  const ticks =
    choices.find(ticks => ticks.length <= 7) ??
    choices.at(-1)!.filter((_, i, all) => i % Math.ceil(all.length / 7) === 0);
  return { ticks: hasZero ? [0, ...ticks] : ticks, place };
}

/** Three to six round numbers from 0 to this one. */
function ticksOf(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most));
  const step =
    [0.25, 0.5, 1, 2].map(part => part * power).find(step => most / step <= 4 && Number.isInteger(step)) ??
    Math.ceil(most / 4);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

/** Moves what lies closer together than this apart, and keeps its order. */
function apart<T extends { at: number }>(labels: readonly T[], distance: number): T[] {
  const moved = labels.map(label => ({ ...label })).sort((a, b) => a.at - b.at);
  for (let round = 0; round < 20; round++)
    for (const [i, label] of moved.entries()) {
      const next = moved[i + 1];
      const missing = next === undefined ? 0 : distance - (next.at - label.at);
      if (next === undefined || missing <= 0) continue;
      label.at -= missing / 2;
      next.at += missing / 2;
    }
  return moved;
}

interface Style {
  readonly size: number;
  readonly weight?: number;
  readonly anchor?: 'middle' | 'end';
  readonly colour?: string;
}

function text(x: number, y: number, says: string, { size, weight, anchor, colour }: Style): string {
  const attributes = [
    `x="${x}" y="${y}" font-size="${size}"`,
    ...(weight === undefined ? [] : [`font-weight="${weight}"`]),
    ...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
    ...(colour === undefined ? [] : [`fill="${colour}"`]),
  ];
  return `<text ${attributes.join(' ')}>${escaped(says)}</text>`;
}

const rounded = (x: number): number => Math.round(10 * x) / 10;

/** `1,000`, `0.3` */
const short = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 3 });

/** As many digits as tell two curves apart: `0.3`, `15.9`, `16.0`, `210`, `43,727`. */
function figure(value: number): string {
  if (value < 10) return `${Number(value.toFixed(2))}`;
  const digits = value < 100 ? 1 : 0;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const escaped = (says: string): string =>
  says.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
