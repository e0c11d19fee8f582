import type { Strided } from './strided.ts';
import { select } from './views.ts';

const EDGE = 3; // elements shown at either end of a long dimension
const LINE = 80; // characters of a line
const LONG = 1000; // elements from which on a tensor is summarised

/** A tensor as torch prints it: `tensor([[1.0000, 2.0000], [3.0000, 4.0000]])`, four decimals, summarised when large. */
export function textOf(tensor: Strided): string {
  const summarise = tensor.numel() > LONG;
  const format = formatterOf(tensor, summarise);
  const isEmpty = tensor.numel() === 0;
  const suffix = [
    isEmpty && tensor.dim() !== 1 ? `, size=(${tensor.shape.join(', ')})` : '',
    tensor.dtype === 'float64' || (tensor.dtype !== 'float32' && isEmpty) ? `, dtype=${tensor.dtype}` : '',
  ].join('');
  return `tensor(${isEmpty ? '[]' : nested(tensor, format, summarise, 8)}${suffix})`;
}

function nested(tensor: Strided, { format, width }: Format, summarise: boolean, indent: number): string {
  if (tensor.dim() === 0) return format(tensor.data[tensor.offset]!);
  const rows = [...shown(tensor.shape[0]!, summarise)].map(i =>
    i === null
      ? tensor.dim() === 1
        ? ' ...'
        : '...'
      : nested(select(tensor, 0, i), { format, width }, summarise, indent + 1),
  );
  if (tensor.dim() > 1) return `[${rows.join(`,${'\n'.repeat(tensor.dim() - 1)}${' '.repeat(indent)}`)}]`;
  // long rows are broken into lines of equally many elements, as torch does
  const perLine = Math.max(1, Math.floor((LINE - indent + 1) / (width + 2)));
  const lines: string[] = [];
  for (let i = 0; i < rows.length; i += perLine) lines.push(rows.slice(i, i + perLine).join(', '));
  return `[${lines.join(`,\n${' '.repeat(indent)}`)}]`;
}

/** The indices of a dimension that are shown; null stands for those left out. */
function* shown(length: number, summarise: boolean): Iterable<number | null> {
  for (let i = 0; i < length; i++) {
    if (summarise && length > 2 * EDGE && i === EDGE) {
      yield null;
      i = length - EDGE;
    }
    yield i;
  }
}

/** How one element is written, and how wide they are made. */
interface Format {
  readonly format: (x: number) => string;
  readonly width: number;
}

/** One format for all elements: whole numbers as `1.`, others with four decimals, or with exponents where needed. */
function formatterOf(tensor: Strided, summarise: boolean): Format {
  const values: number[] = [];
  const collect = (t: Strided): void => {
    if (t.dim() === 0) values.push(t.data[t.offset]!);
    else for (const i of shown(t.shape[0]!, summarise)) if (i !== null) collect(select(t, 0, i));
  };
  collect(tensor);
  if (tensor.dtype === 'bool') return aligned(values, x => (x === 0 ? 'False' : 'True'));
  if (tensor.dtype === 'int64') return aligned(values, String);
  const finite = values.filter(x => Number.isFinite(x) && x !== 0);
  const smallest = Math.min(...finite.map(Math.abs));
  const largest = Math.max(0, ...finite.map(Math.abs));
  const whole = finite.every(Number.isInteger);
  const scientific = largest > 1e8 || largest / smallest > 1000 || (!whole && smallest < 1e-4);
  // the widest of the finite ones counts
  return aligned(finite, x => {
    if (!Number.isFinite(x)) return String(x).replace('NaN', 'nan').replace('Infinity', 'inf');
    const sign = Object.is(x, -0) ? '-' : '';
    return sign + (scientific ? torchExponent(x.toExponential(4)) : whole ? `${x}.` : x.toFixed(4));
  });
}

function torchExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2'); // 1.5e+3 → 1.5e+03
}

/** Pads to the widest. */
function aligned(values: readonly number[], format: (x: number) => string): Format {
  const width = Math.max(0, ...values.map(x => format(x).length));
  return { width, format: x => format(x).padStart(width) };
}
