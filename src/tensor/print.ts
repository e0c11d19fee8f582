import type { Tensor } from './tensor.ts';

const EDGE = 3; // elements shown at either end of a long dimension
const LONG = 1000; // elements from which on a tensor is summarised

/** A tensor as torch prints it: `tensor([[1.0000, 2.0000], [3.0000, 4.0000]])`, four decimals, summarised when large. */
export function print(tensor: Tensor): string {
  const summarise = tensor.numel() > LONG;
  const format = formatterOf(tensor, summarise);
  const suffix = [
    tensor.dtype === 'float32' || tensor.numel() === 0 ? '' : `, dtype=${tensor.dtype}`,
    tensor.numel() === 0 && tensor.dim() !== 1 ? `, size=[${tensor.shape.join(', ')}]` : '',
  ].join('');
  return `tensor(${nested(tensor, format, summarise, 8)}${suffix})`;
}

function nested(tensor: Tensor, format: (x: number) => string, summarise: boolean, indent: number): string {
  if (tensor.dim() === 0) return format(tensor.item());
  const rows = [...shown(tensor.shape[0]!, summarise)].map(i =>
    i === null ? '...' : nested(tensor.select(0, i), format, summarise, indent + 1),
  );
  if (tensor.dim() > 1) return `[${rows.join(`,${'\n'.repeat(tensor.dim() - 1)}${' '.repeat(indent)}`)}]`;
  // long rows are broken like prose
  const lines: string[] = [];
  let line = '';
  for (const [k, row] of rows.entries()) {
    const item = k < rows.length - 1 ? `${row}, ` : row;
    if (line !== '' && indent + line.length + item.length > 100) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += item;
  }
  return `[${[...lines, line].join(`\n${' '.repeat(indent)}`)}]`;
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

/** One format for all elements: whole numbers as `1.`, others with four decimals, or with exponents where needed. */
function formatterOf(tensor: Tensor, summarise: boolean): (x: number) => string {
  const values: number[] = [];
  const collect = (t: Tensor): void => {
    if (t.dim() === 0) values.push(t.item());
    else for (const i of shown(t.shape[0]!, summarise)) if (i !== null) collect(t.select(0, i));
  };
  collect(tensor);
  if (tensor.dtype === 'bool') return aligned(values, x => (x === 0 ? 'False' : 'True'));
  if (tensor.dtype === 'int64') return aligned(values, String);
  const finite = values.filter(Number.isFinite).map(Math.abs);
  const smallest = Math.min(...finite.filter(x => x > 0));
  const largest = Math.max(0, ...finite);
  const special = (x: number) => String(x).replace('NaN', 'nan').replace('Infinity', 'inf');
  if (finite.every(Number.isInteger) && largest < 1e8) {
    return aligned(values, x => (Number.isFinite(x) ? `${x}.` : special(x)));
  }
  const scientific = largest > 1e8 || smallest < 1e-4 || largest / smallest > 1000;
  return aligned(values, x =>
    !Number.isFinite(x) ? special(x) : scientific ? torchExponent(x.toExponential(4)) : x.toFixed(4),
  );
}

function torchExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2'); // 1.5e+3 → 1.5e+03
}

/** Pads to the widest. */
function aligned(values: readonly number[], format: (x: number) => string): (x: number) => string {
  const width = Math.max(0, ...values.map(x => format(x).length));
  return x => format(x).padStart(width);
}
