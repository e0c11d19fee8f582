import { styleText } from 'node:util';
import type { Followed, FollowedStage, Way } from '../practice/follow.ts';
import { CELLS, type SmallNetwork } from '../practice/small-network.ts';
import type { Tensor } from '../tensor/index.ts';
import { asAscii } from './characters.ts';
import { halfBlocks } from './half-blocks.ts';
import { wrap } from './wrap.ts';

export interface Sheet {
  readonly unicode: boolean;
  readonly colours: boolean;
  /** Whose functions these are, where somebody named them. */
  readonly path: string | undefined;
  /** A file as it is to be found from here. */
  readonly shownFile: (file: string) => string;
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'cyan';

/** Narrower than the narrowest terminal in use, 80 columns. */
const WIDTH = 79;
const INSET = '  ';
/** Before the numbers of a row: `derivative`, `two points`, or a name. */
const LABEL = 12;
const NUMBER = 10;
/** More do not fit on a line. */
const MOST_ON_A_LINE = Math.floor((WIDTH - INSET.length - LABEL) / NUMBER);
const SIDE = 28;

const formulas: Readonly<Record<FollowedStage, string>> = {
  s1: 's₁ = w₁ x₀ + b₁',
  x1: 'x₁ = σ(s₁),  σ = tanh',
  s2: 's₂ = w₂ x₁ + b₂',
  x2: 'x₂ = σ(s₂), the answer',
  loss: 'ℓ = ‖t − x₂‖²',
  dl_dx2: '∂ℓ/∂x₂ = 2 (x₂ − t)',
  dsigma2: 'σ′(s₂) = 1 − tanh² s₂',
  dl_ds2: '∂ℓ/∂s₂ = ∂ℓ/∂x₂ ⊙ σ′(s₂)',
  dl_dx1: '∂ℓ/∂x₁ = w₂ᵀ ∂ℓ/∂s₂',
  dsigma1: 'σ′(s₁) = 1 − tanh² s₁',
  dl_ds1: '∂ℓ/∂s₁ = ∂ℓ/∂x₁ ⊙ σ′(s₁)',
  dl_dw2: '∂ℓ/∂w₂ = ∂ℓ/∂s₂ x₁ᵀ',
  dl_db2: '∂ℓ/∂b₂ = ∂ℓ/∂s₂',
  dl_dw1: '∂ℓ/∂w₁ = ∂ℓ/∂s₁ xᵀ',
  dl_db1: '∂ℓ/∂b₁ = ∂ℓ/∂s₁',
};

const forward: readonly FollowedStage[] = ['s1', 'x1', 's2', 'x2', 'loss'];
const sums: readonly FollowedStage[] = ['dl_dw2', 'dl_db2', 'dl_dw1', 'dl_db1'];

export function isAsItShouldBe({ values, failures }: Way): boolean {
  return failures.length === 0 && values.every(({ numbers, differs }) => numbers === undefined || differs.length === 0);
}

/** One sample's way, as lines of a terminal. */
export function wayPage(way: Way, network: SmallNetwork, sheet: Sheet): string[] {
  const lines: string[] = [];
  // the dot between factors must not become a minus
  const plain = (text: string) => (sheet.unicode ? text : asAscii(text.replaceAll('·', '*')));
  const line = (text = '', style?: Style) => {
    const own = plain(text);
    lines.push(style === undefined || !sheet.colours || own === '' ? own : styleText(style, own));
  };
  const paragraph = (text: string, style?: Style) => {
    const inset = text.startsWith(INSET) ? INSET : '';
    for (const part of wrap(text.trimStart(), WIDTH - inset.length)) line(inset + part, style);
  };
  const heading = (text: string) => {
    line();
    line(text.toUpperCase(), 'bold');
  };
  const rows = (label: string, numbers: readonly number[], style?: Style) => {
    for (let from = 0; from < numbers.length; from += MOST_ON_A_LINE) {
      const part = numbers
        .slice(from, from + MOST_ON_A_LINE)
        .map(column)
        .join('');
      line(`${INSET}${(from === 0 ? label : '').padEnd(LABEL)}${part}`, style);
    }
  };

  line('One digit through a network that is small enough to be read', 'bold');
  lines.push(...beside(picture(network, sheet), about(network).map(plain)));
  paragraph(
    'Its weights, drawn from N(0, 1). w₁ has a row for each unit, a weight for each cell: here it is shown as the ' +
      'picture is.',
  );
  line();
  theNetwork(network, line);

  const { values } = way;
  const byStage = new Map(values.map(value => [value.stage, value]));
  const worked = workedOut(byStage, network);

  const tell = (value: Followed) => {
    const isForward = forward.includes(value.stage);
    line();
    line(formulas[value.stage], 'bold');
    for (const { file, line: number, text } of value.lines) {
      const place = `${sheet.shownFile(file)}:${number}`;
      const whole = `${INSET}${place}  ${text}`;
      if (whole.length <= WIDTH) line(whole, 'cyan');
      else
        for (const part of [`${INSET}${place}`, ...wrap(text, WIDTH - 4).map(own => `    ${own}`)]) line(part, 'cyan');
    }
    const mine = isForward ? value.name : 'derivative';
    const other = isForward ? 'formula' : 'two points';
    const { numbers, expected, says } = value;
    const differs = numbers === undefined ? [] : value.differs;
    const bad = differs.length > 0 ? ('red' as const) : undefined;
    if (value.stage === 'dl_dw1' && says === undefined && numbers && expected) {
      pictures(numbers, expected, differs, network, (text, style) => line(`${INSET}${text}`, style));
    } else {
      if (numbers !== undefined) rowsOf(value, mine, numbers, rows, bad);
      if (expected !== undefined && (!isForward || bad !== undefined)) rowsOf(value, other, expected, rows);
      if (bad !== undefined && says === undefined)
        paragraph(`${INSET}✗ not the same: ${listed(differs.map(entry => nameOfEntry(value, entry)))}`, 'red');
    }
    if (says !== undefined) paragraph(`${INSET}✗ ${value.name}: ${says}`, 'red');
    for (const part of worked(value)) line(INSET + part);
    if (value.stage === 'x2' && numbers !== undefined && says === undefined) line(INSET + whatItReads(value, network));
    if (value.stage === 'dl_dx2' && way.twoPoints !== undefined) twoPoints(way, paragraph);
  };

  heading('Forward');
  for (const failure of way.failures) paragraph(`✗ ${failure}`, 'red');
  for (const value of values) if (forward.includes(value.stage)) tell(value);
  heading('Back');
  paragraph(
    way.slopesAreOurs
      ? "Two points are taken with the practical's own forward pass and loss, since these give none."
      : 'Beside each derivative stands the slope by two nearby points.',
  );
  if (way.isCoarse) paragraph('The numbers are float32: two points agree to two digits, no more.');
  for (const value of values) if (!forward.includes(value.stage) && !sums.includes(value.stage)) tell(value);
  heading('What this sample adds to the four sums');
  for (const value of values) if (sums.includes(value.stage)) tell(value);

  line();
  const first = values.find(({ numbers, differs }) => numbers !== undefined && differs.length > 0);
  if (first !== undefined) {
    const at = first.lines.map(({ file, line }) => `${sheet.shownFile(file)}:${line}`).join(', ');
    paragraph(`✗ The first that is not as it should be: ${first.name}${at === '' ? '' : `, ${at}`}.`, 'red');
    paragraph('What comes after is made from it.');
  } else if (way.failures.length > 0) paragraph(`✗ ${way.failures[0]}`, 'red');
  else paragraph('✓ Every derivative agrees with its two points.', 'green');
  if (!isAsItShouldBe(way) && sheet.path !== undefined)
    paragraph(`\`longhand check ${sheet.path}\` says what is wrong, and how to find it.`);
  return lines;
}

/** The digit, in half blocks. */
function picture({ image }: SmallNetwork, { unicode, colours }: Sheet): string[] {
  if (unicode) return halfBlocks(image, SIDE, colours && process.stdout.hasColors(256));
  const dark = (at: number) => (image[at] ?? 0) >= 96;
  return Array.from({ length: SIDE / 2 }, (_, row) =>
    Array.from({ length: SIDE }, (_, x) => {
      const at = 2 * row * SIDE + x;
      return dark(at) ? (dark(at + SIDE) ? '#' : "'") : dark(at + SIDE) ? '.' : ' ';
    }).join(''),
  );
}

function about({ label, x, t, b1, b2 }: SmallNetwork): string[] {
  const cells = [...x.elements()].map(cell => cell.toFixed(2));
  const rows = Array.from({ length: CELLS }, (_, row) => cells.slice(row * CELLS, (row + 1) * CELLS).join('  '));
  const units = b1.numel() === 1 ? '1 hidden unit' : `${b1.numel()} hidden units`;
  const targets = [...t.elements()].map(target => (target === 0 ? '0' : String(target)));
  return [
    '',
    `A drawn ${label}. How much ink is in`,
    'each of 3 × 3 cells: x, the 9 inputs',
    '',
    ...rows.map(row => `    ${row}`),
    '',
    `${x.numel()} inputs, ${units},`,
    `${b2.numel()} classes: 0, 1 and 2`,
    '',
    `0.9 is wanted at the ${label}:`,
    `    t = ${targets.join('  ')}`,
  ];
}

/** Lines beside lines. */
function beside(left: readonly string[], right: readonly string[]): string[] {
  return left.map((line, i) => (right[i] ? `${line}    ${right[i]}` : line));
}

function theNetwork({ w1, b1, w2, b2 }: SmallNetwork, line: (text?: string, style?: Style) => void): void {
  const weights = [...w1.elements()];
  const perUnit = CELLS * CELLS;
  const shown = (numbers: readonly number[]) => numbers.map(w => two(w).padStart(7)).join('');
  for (let from = 0; from < b1.numel(); from += 3) {
    const units = [from, from + 1, from + 2].filter(unit => unit < b1.numel());
    line(`${INSET}${''.padEnd(5)}${units.map(unit => `w₁[${unit}]`.padEnd(24)).join('')}`.trimEnd(), 'dim');
    for (let row = 0; row < CELLS; row++) {
      const own = units.map(unit => shown(weights.slice(unit * perUnit + row * CELLS).slice(0, CELLS)));
      line(`${INSET}${own.join('   ')}`);
    }
  }
  line();
  line(`${INSET}b₁ ${shown([...b1.elements()])}`);
  const second = [...w2.elements()];
  for (let c = 0; c < b2.numel(); c++)
    line(`${INSET}${c === 0 ? 'w₂' : '  '} ${shown(second.slice(c * b1.numel(), (c + 1) * b1.numel()))}`);
  line(`${INSET}b₂ ${shown([...b2.elements()])}`);
}

/** A vector in a row; a matrix row by row. */
function rowsOf(
  { shape }: Followed,
  label: string,
  numbers: readonly number[],
  rows: (label: string, numbers: readonly number[], style?: Style) => void,
  style?: Style,
): void {
  const length = shape.length === 2 ? shape[1]! : numbers.length;
  for (let from = 0; from < numbers.length; from += Math.max(1, length))
    rows(from === 0 ? label : '', numbers.slice(from, from + length), style);
}

/** ∂ℓ/∂w₁: for each unit a slope for each cell of the picture, derivatives left, two points right. */
function pictures(
  numbers: readonly number[],
  expected: readonly number[],
  differs: readonly number[],
  { b1 }: SmallNetwork,
  line: (text: string, style?: Style) => void,
): void {
  const gap = '   ';
  const part = (of: readonly number[], from: number) =>
    of
      .slice(from, from + CELLS)
      .map(column)
      .join('');
  line(`${''.padEnd(9)}${'derivative'.padEnd(CELLS * NUMBER)}${gap}two points`, 'dim');
  for (let unit = 0; unit < b1.numel(); unit++) {
    for (let row = 0; row < CELLS; row++) {
      const from = (unit * CELLS + row) * CELLS;
      const isBad = differs.some(entry => entry >= from && entry < from + CELLS);
      const label = row === 0 ? `unit ${unit}` : '';
      const own = `${label.padEnd(8)}${part(numbers, from)}${gap}${part(expected, from)}${isBad ? ' ✗' : ''}`;
      line(own, isBad ? 'red' : undefined);
    }
  }
}

function whatItReads({ name, numbers }: Followed, { label }: SmallNetwork): string {
  const read = numbers!.indexOf(Math.max(...numbers!));
  if (read === -1) return 'None of them is the largest.'; // where one is no number
  const verdict = read === label ? 'rightly' : 'for it has not learned yet';
  return `The largest is ${name}[${read}]: the network reads a ${read}, ${verdict}.`;
}

/** How the first slope by two points was found. */
function twoPoints({ twoPoints }: Way, paragraph: (text: string) => void): void {
  const { step, above, below } = twoPoints!;
  const slope = (above - below) / (2 * step);
  const h = step.toFixed(step < 1e-3 ? 5 : 2);
  paragraph(
    `${INSET}Two points: with x₂[0] larger by ${h} the loss is ${above.toFixed(9)}, smaller by ${h} it is ` +
      `${below.toFixed(9)}; the difference divided by ${(2 * step).toFixed(5)} is ${six(slope)}.`,
  );
}

/** The sum behind the first entry of a value, with its numbers put in. */
function workedOut(
  values: ReadonlyMap<FollowedStage, Followed>,
  { w1, b1, w2, b2, x, t }: SmallNetwork,
): (value: Followed) => string[] {
  const numbersOf = (stage: FollowedStage) => values.get(stage)?.numbers;
  const nameOf = (stage: FollowedStage) => values.get(stage)!.name;
  const entry = (tensor: Tensor, i: number) => [...tensor.elements()][i]!;
  const D = x.numel();
  const H = b1.numel();
  const C = b2.numel();

  /** Σ over terms, each a factor times a factor. */
  const products = (
    of: string,
    terms: readonly { readonly names: readonly [string, string]; readonly numbers: readonly (number | undefined)[] }[],
    plus?: { readonly name: string; readonly number: number },
  ): string[] => {
    if (terms.some(({ numbers }) => numbers.includes(undefined))) return [];
    const all = terms.map(({ names }) => names.join('·'));
    const some = all.length > 4 ? [...all.slice(0, 2), '…', all.at(-1)!] : all;
    const symbols = [...some, ...(plus ? [plus.name] : [])].join(' + ');
    const numbers = [
      ...terms.map(({ numbers: [a, b] }) => `${factor(a!)}·${factor(b!)}`),
      ...(plus ? [factor(plus.number)] : []),
    ];
    const result = terms.reduce((sum, { numbers: [a, b] }) => sum + a! * b!, plus?.number ?? 0);
    return [`${of} = ${symbols}`, ...continued(of, numbers.join(' + ')), `${equals(of)}${six(result)}`];
  };
  const one = (of: string, symbols: string, numbers: string, result: number) => [
    ...continuedFrom(`${of} = ${symbols}`, of, numbers, six(result)),
  ];

  return ({ stage, name }) => {
    const n = (other: FollowedStage, i = 0) => numbersOf(other)?.[i];
    switch (stage) {
      case 's1':
        return products(
          `${name}[0]`,
          Array.from({ length: D }, (_, d) => ({
            names: [`w1[0,${d}]`, `x0[${d}]`],
            numbers: [entry(w1, d), entry(x, d)],
          })),
          { name: 'b1[0]', number: entry(b1, 0) },
        );
      case 's2':
        return products(
          `${name}[0]`,
          Array.from({ length: H }, (_, h) => ({
            names: [`w2[0,${h}]`, `${nameOf('x1')}[${h}]`],
            numbers: [entry(w2, h), n('x1', h)],
          })),
          { name: 'b2[0]', number: entry(b2, 0) },
        );
      case 'x1':
      case 'x2': {
        const of = stage === 'x1' ? 's1' : 's2';
        const s = values.get(of)?.numbers?.[0];
        const right = values.get(stage)?.expected?.[0];
        if (s === undefined || right === undefined) return [];
        return one(`${name}[0]`, `tanh ${nameOf(of)}[0]`, `tanh ${six(s)}`, right);
      }
      case 'loss': {
        const x2 = numbersOf('x2');
        if (x2 === undefined || x2.length !== C) return [];
        const squares = x2.map((v, c) => `(${plainTarget(entry(t, c))} − ${factor(v)})²`).join(' + ');
        const sum = x2.reduce((total, v, c) => total + (entry(t, c) - v) * (entry(t, c) - v), 0);
        return [`ℓ = the sum of (t[c] − ${nameOf('x2')}[c])²`, ...continued('ℓ', squares), `  = ${six(sum)}`];
      }
      case 'dl_dx2': {
        const v = n('x2');
        if (v === undefined) return [];
        const target = entry(t, 0);
        return one(
          `${name}[0]`,
          `2 (${nameOf('x2')}[0] − t[0])`,
          `2 (${six(v)} − ${plainTarget(target)})`,
          2 * (v - target),
        );
      }
      case 'dsigma2':
      case 'dsigma1': {
        const of = stage === 'dsigma1' ? 's1' : 's2';
        const s = n(of);
        const right = values.get(of === 's1' ? 'x1' : 'x2')?.expected?.[0];
        if (s === undefined || right === undefined) return [];
        return one(`${name}[0]`, `1 − tanh² ${nameOf(of)}[0]`, `1 − tanh² ${six(s)}`, 1 - right * right);
      }
      case 'dl_ds2':
      case 'dl_ds1': {
        const [before, slope] =
          stage === 'dl_ds2' ? (['dl_dx2', 'dsigma2'] as const) : (['dl_dx1', 'dsigma1'] as const);
        const [a, b] = [n(before), n(slope)];
        if (a === undefined || b === undefined) return [];
        return one(`${name}[0]`, `${nameOf(before)}[0] · ${nameOf(slope)}[0]`, `${factor(a)}·${factor(b)}`, a * b);
      }
      case 'dl_dx1':
        return products(
          `${name}[0]`,
          Array.from({ length: C }, (_, c) => ({
            names: [`w2[${c},0]`, `${nameOf('dl_ds2')}[${c}]`],
            numbers: [entry(w2, c * H), n('dl_ds2', c)],
          })),
        );
      case 'dl_dw2':
      case 'dl_dw1': {
        const [of, other] = stage === 'dl_dw2' ? (['dl_ds2', nameOf('x1')] as const) : (['dl_ds1', 'x'] as const);
        const inputs = [...x.elements()];
        const i = stage === 'dl_dw2' ? 0 : inputs.indexOf(Math.max(...inputs)); // where there is ink
        const [a, b] = [n(of), stage === 'dl_dw2' ? n('x1') : inputs[i]];
        if (a === undefined || b === undefined) return [];
        return one(`${name}[0,${i}]`, `${nameOf(of)}[0] · ${other}[${i}]`, `${factor(a)}·${factor(b)}`, a * b);
      }
      default:
        return [];
    }
  };
}

const equals = (of: string): string => `${' '.repeat(of.length)} = `;

/** `= …` under the left side, broken between its terms. */
function continued(of: string, text: string): string[] {
  const indent = equals(of);
  const lines = wrap(text, WIDTH - INSET.length - indent.length);
  return lines.map((line, i) => (i === 0 ? indent : ' '.repeat(indent.length)) + line.trimStart());
}

/** On one line where there is room. */
function continuedFrom(first: string, of: string, numbers: string, result: string): string[] {
  const all = `${first} = ${numbers} = ${result}`;
  return all.length <= WIDTH - INSET.length ? [all] : [first, `${equals(of)}${numbers} = ${result}`];
}

function nameOfEntry({ name, shape }: Followed, entry: number): string {
  if (shape.length === 0) return name;
  if (shape.length === 1) return `${name}[${entry}]`;
  return `${name}[${Math.floor(entry / shape[1]!)},${entry % shape[1]!}]`;
}

/** The first few. */
function listed(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

const minus = (text: string): string => (/^-0\.?0*$/.test(text) ? text.slice(1) : text.replace('-', '−'));
const six = (x: number): string => (Math.abs(x) >= 1e5 ? minus(x.toPrecision(4)) : minus(x.toFixed(6)));
const two = (x: number): string => minus(x.toFixed(2));
const column = (x: number): string => six(x).padStart(NUMBER);
const plainTarget = (x: number): string => (x === 0 ? '0' : String(x));

/** In a product: two decimals where it has no more, in brackets where it is below 0. */
function factor(x: number): string {
  const text = Math.round(x * 100) / 100 === x ? two(x) : six(x);
  return text.startsWith('−') ? `(${text})` : text;
}
