import { Tensor } from '../tensor/index.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Rule } from './batch.ts';
import { Many } from './many.ts';
import type { KernelArithmetic, KernelFunction } from './memory.ts';
import type { Products } from './products.ts';

// Element by element, where a kernel has the operation: of float32 that lie one after the other. Beside the products this
// is most of a step.

/** The rule for an operation whose numbers `write` has a kernel compute; it says whether one is there. */
const byKernel =
  (write: (products: Products, operands: readonly Float32Array[], out: Float32Array) => boolean): Rule =>
  (batch, { name, behind }) => {
    const operands = behind.map(one => batch.lookedAt(name, one));
    const many = operands.find(one => one instanceof Many);
    if (many === undefined) return undefined;
    const { shape } = many as Many;
    const numbers = operands.map(one => numbersOf(one, shape)).filter(one => one !== undefined);
    if (numbers.length < operands.length) return undefined;
    const data = batch.room('float32', (many as Many).first.numel()) as Float32Array;
    if (!write(batch.products, numbers, data)) return undefined;
    return batch.stand(Many.dense(batch.samples, data, shape, 'float32'));
  };

const functionOf = (f: KernelFunction): Rule => byKernel((products, [x], out) => products.each(f, x!, out));
const arithmetic = (operation: KernelArithmetic): Rule =>
  byKernel((products, [x, y], out) => products.both(operation, x!, y!, out));

const times = arithmetic('mul');
const negative: Rule = (batch, asked) => times(batch, { ...asked, behind: [asked.behind[0], -1] });
const square: Rule = (batch, asked) => {
  const [x, power] = asked.behind;
  return power === 2 ? times(batch, { ...asked, behind: [x, x] }) : undefined;
};

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
