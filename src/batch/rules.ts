import { arithmetic, choices, comparisons, functionsOfOne } from '../tensor/elementwise.ts';
import { Tensor } from '../tensor/index.ts';
import { Extremes, reductions } from '../tensor/reductions.ts';
import type { Asked, Batch, Rule } from './batch.ts';
import { kernelRules } from './kernel-rules.ts';
import { Many } from './many.ts';
import { Outer, Running } from './pending.ts';
import { productRules } from './product-rules.ts';
import { Sum } from './sum.ts';
import { sumRule } from './sum-rules.ts';

// ————— element by element —————

/** With the samples as one more dimension in front it is one operation on larger tensors. */
const elementByElement: Rule = (batch, asked) => {
  const operands = batch.lookedAt(asked.name, asked.behind) as unknown[];
  const given = operands.map(operand => (operand instanceof Many ? operand.first : operand));
  const tensors = given.filter(operand => operand instanceof Tensor);
  // where types differ, lengths of dimensions decide among them: see `promote`; a condition is of a type of its own
  const [one, ...others] = asked.name === 'where' ? tensors.slice(1) : tensors;
  if (others.some(({ dtype }) => dtype !== one!.dtype)) return undefined;
  const dimensions = Math.max(...tensors.map(tensor => tensor.dim()));
  const [first] = operands;
  if (asked.name.endsWith('_')) {
    if (!(first instanceof Many) || first.shape.length < dimensions) return undefined;
    batch.changes(asked.name, first);
  }
  batch.bounded(asked.name, given);
  const all = operands.map(operand => (operand instanceof Many ? operand.all(dimensions) : operand));
  const result = batch.pooled(() => asked.asItIs(...all)) as Tensor;
  return asked.name.endsWith('_') ? asked.operands[0] : batch.stand(Many.ofRows(result));
};

// ————— over many elements —————

const overMany: Rule = (batch, { name, behind, asItIs }) => {
  const [of, dim, ...rest] = [batch.lookedAt(name, behind[0]), ...behind.slice(1)];
  if (!(of instanceof Many)) return undefined;
  if (dim !== undefined && (typeof dim !== 'number' || of.shape.length === 0)) return undefined;
  if (dim === undefined && rest.length > 0) return undefined;
  if (dim !== undefined && dim < -of.shape.length) return undefined; // not the samples
  const result = batch.pooled(() => {
    if (dim === undefined) return asItIs(of.rows(), 1);
    return asItIs(of.all(), dim < 0 ? dim : dim + 1, ...rest);
  });
  if (!(result instanceof Extremes)) return batch.stand(Many.ofRows(result as Tensor));
  const standing = (part: Tensor) => batch.stand(Many.ofRows(part));
  if (dim === undefined) return standing(result.values);
  return new Extremes(standing(result.values), standing(result.indices));
};

// ————— seen otherwise —————

/** What a view makes of the first sample's tensor it makes of all: the same shape, strides and place. */
const seenOtherwise: Rule = (batch, { name, operands, behind, asItIs }) => {
  const [of] = behind;
  if (of instanceof Outer && /^(t|T)$/.test(name)) {
    const { u, v, factor } = of;
    const transposed = new Outer(v, u, factor);
    of.isSeenOtherwise = true;
    transposed.isSeenOtherwise = true;
    return batch.stand(transposed);
  }
  const many = batch.lookedAt(name, of);
  if (!(many instanceof Many)) return undefined;
  const seen = asItIs(many.first, ...operands.slice(1));
  if (seen === many.first) return operands[0];
  if (!(seen instanceof Tensor) || seen.data !== many.data) return undefined; // a copy
  return batch.stand(new Many(many.samples, seen, many.step));
};

/** Copies, of all at once. */
const copied: Rule = (batch, { name, behind, asItIs }) => {
  const many = batch.lookedAt(name, behind[0]);
  if (!(many instanceof Many)) return undefined;
  const copy = Many.ofRows(batch.pooled(() => asItIs(many.all(), ...behind.slice(1))) as Tensor);
  batch.again.isCopy(copy, many);
  return batch.stand(copy);
};

// ————— and all the rest —————

/** The operation as it is, for one sample after the other. It looks for nothing that is alike in them. */
const sampleBySample: Rule = (batch, asked) => {
  const { name, asItIs } = asked;
  const operands = batch.lookedAt(asked.name, asked.behind) as unknown[];
  const of = (n: number) => asItIs(...ofSample(operands, n));
  if (name.endsWith('_')) {
    const [target] = operands;
    if (!(target instanceof Many))
      return batch.stop(name, 'writes what differs from sample to sample to what is the same for all');
    batch.changes(name, target);
    for (let n = 0; n < batch.samples; n++) of(n);
    return asked.operands[0];
  }
  const first = of(0);
  const gather = (part: (result: unknown) => Tensor): Tensor => {
    const { shape, dtype } = part(first);
    const count = part(first).numel();
    batch.bounded(name, [part(first)]);
    const data = batch.room(dtype, count);
    for (let n = 0; n < batch.samples; n++) data.set(part(n === 0 ? first : of(n)).elements(), n * count);
    return batch.stand(Many.dense(batch.samples, data, shape, dtype));
  };
  if (first instanceof Extremes)
    return new Extremes(
      gather(result => (result as Extremes<Tensor>).values),
      gather(result => (result as Extremes<Tensor>).indices),
    );
  if (!(first instanceof Tensor)) return batch.stop(name, 'looks at numbers');
  return gather(result => result as Tensor);
};

function ofSample(operands: readonly unknown[], n: number): unknown[] {
  return operands.map(operand =>
    operand instanceof Many ? operand.of(n) : Array.isArray(operand) ? ofSample(operand, n) : operand,
  );
}

const byName: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...[...arithmetic, ...comparisons, ...choices, ...functionsOfOne].map(
    ({ name }) => [name, elementByElement] as const,
  ),
  ...[...arithmetic, ...functionsOfOne].map(({ name }) => [`${name}_`, elementByElement] as const),
  ...['zero_', 'fill_', 'copy_', 'where'].map(name => [name, elementByElement] as const),
  ...[...reductions.map(({ name }) => name), 'max', 'min'].map(name => [name, overMany] as const),
  ...'view t T transpose unsqueeze squeeze expand reshape flatten select narrow'
    .split(' ')
    .map(name => [name, seenOtherwise] as const),
  ...'contiguous to float double long'
    .split(' ')
    .map(name => [name, (batch: Batch, asked: Asked) => seenOtherwise(batch, asked) ?? copied(batch, asked)] as const),
  ['clone', copied],
]);

/** The rules for an operation of this name, the first of which that knows it is asked. */
export function ruleFor(name: string, behind: readonly unknown[]): Rule {
  if (behind.flat().some(one => one instanceof Sum || one instanceof Running)) return sumRule;
  const rules = [productRules.get(name), kernelRules.get(name), byName.get(name), sampleBySample];
  return (batch, asked) => {
    for (const rule of rules) {
      const result = rule?.(batch, asked);
      if (result !== undefined) return result;
    }
    return undefined;
  };
}
