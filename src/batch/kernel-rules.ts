import { Tensor } from '../tensor/index.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Batch, Rule } from './batch.ts';
import { Many } from './many.ts';
import type { KernelArithmetic, KernelFunction } from './memory.ts';

// Element by element, where a kernel has the operation: of float32 that lie one after the other. Beside the products this
// is most of a step.

const functionOf =
  (f: KernelFunction): Rule =>
  (batch, { name, behind: [of] }) => {
    const many = batch.lookedAt(name, of);
    const x = many instanceof Many ? numbersOf(many, many.shape) : undefined;
    if (x === undefined) return undefined;
    const { shape } = many as Many;
    return made(batch, shape, out => batch.products.each(f, x, out));
  };

const arithmetic =
  (operation: KernelArithmetic): Rule =>
  (batch, { name, behind }) => {
    const operands = behind.map(one => batch.lookedAt(name, one));
    const many = operands.find(one => one instanceof Many);
    if (many === undefined) return undefined;
    const { shape } = many as Many;
    const [x, y] = operands.map(one => numbersOf(one, shape));
    if (x === undefined || y === undefined) return undefined;
    return made(batch, shape, out => batch.products.both(operation, x, y, out));
  };

const times = arithmetic('mul');
const negative: Rule = (batch, asked) => times(batch, { ...asked, behind: [asked.behind[0], -1] });
const square: Rule = (batch, asked) => {
  const [x, power] = asked.behind;
  return power === 2 ? times(batch, { ...asked, behind: [x, x] }) : undefined;
};

/** A tensor of each sample, whose numbers a kernel writes; undefined where none is there. */
function made(batch: Batch, shape: readonly number[], write: (out: Float32Array) => boolean): Tensor | undefined {
  const count = shape.reduce((product, length) => product * length, 1);
  const data = batch.room('float32', count) as Float32Array;
  return write(data) ? batch.stand(new Many(batch.samples, new Tensor(data, shape, 'float32'), count)) : undefined;
}

/** An operand as it lies there: numbers for all samples, for one that are meant for each, or one number. */
function numbersOf(operand: unknown, shape: readonly number[]): Float32Array | undefined {
  if (typeof operand === 'number') return Float32Array.of(operand);
  const tensor = operand instanceof Many ? operand.all() : operand;
  if (!(tensor instanceof Tensor) || tensor.dtype !== 'float32' || !tensor.isContiguous()) return undefined;
  const isOne = operand === tensor && tensor.numel() === 1 && tensor.dim() <= shape.length;
  const own = operand instanceof Many ? operand.shape : tensor.shape;
  return isOne || sameShape(own, shape)
    ? (tensor.data.subarray(tensor.offset, tensor.offset + tensor.numel()) as Float32Array)
    : undefined;
}

export const kernelRules: ReadonlyMap<string, Rule> = new Map([
  ...(['exp', 'tanh', 'cosh', 'sigmoid'] as const).map(name => [name, functionOf(name)] as const),
  ...(['add', 'sub', 'mul', 'div'] as const).map(name => [name, arithmetic(name)] as const),
  ['neg', negative],
  ['pow', square],
]);
