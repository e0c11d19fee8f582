import { Tensor } from '../tensor/index.ts';
import { broadcastShapes, sameShape } from '../tensor/shape.ts';
import type { Asked, Batch, Rule } from './batch.ts';
import { Many } from './many.ts';
import { Outer, Running } from './pending.ts';
import { matrixOf, vectorsOf } from './product-rules.ts';
import { Sum } from './sum.ts';

// Many into one: what the samples, one after the other, leave in a sum.

export const sumRule: Rule = (batch, asked) => {
  const { name, behind } = asked;
  const [first, second] = behind;
  if (first instanceof Sum) {
    if ((name === 'add_' || name === 'sub_') && !isSum(second)) return added(batch, asked, first, second);
    if (name === 'zero_' || name === 'fill_' || (name === 'copy_' && !isSum(second)))
      return replaced(batch, asked, first);
    if (name === 'copy_' && second instanceof Running) return continued(batch, asked, first, second);
    if ((name === 'add' || name === 'sub') && !isSum(second)) return running(batch, name, first, second);
    if (!name.endsWith('_')) {
      const seen = isView.has(name) ? asked.asItIs(first.tensor, ...behind.slice(1)) : undefined;
      if (seen === first.tensor) return asked.operands[0];
      if (seen instanceof Tensor && seen.data === first.tensor.data) return batch.stand(new Sum(seen, first.whole));
    }
  }
  if (second instanceof Sum && name === 'add' && !isSum(first)) return running(batch, name, second, first);
  return batch.stop(name, name.endsWith('_') && first instanceof Sum ? CHANGES : READS);
};

const READS = 'reads a sum to which other samples add';
const CHANGES = 'changes what other samples have added';
const isView: ReadonlySet<string> = new Set(
  'view t T transpose unsqueeze squeeze reshape flatten select narrow contiguous float'.split(' '),
);

function isSum(one: unknown): boolean {
  return one instanceof Sum || one instanceof Running;
}

/** The shares of all samples, in their order. */
function added(batch: Batch, { name, operands, asItIs }: Asked, { tensor, whole }: Sum, share: unknown): unknown {
  whole.changes += 1;
  if (share instanceof Outer && sameShape(share.shape, tensor.shape) && tensor.dtype === 'float32') {
    const { u, v, factor } = share;
    const [us, vs] = [vectorsOf(batch, u), vectorsOf(batch, v)];
    const last = (one: typeof us) => ({ ...one, offset: one.offset + (one.samples - 1) * one.step, samples: 1 });
    const [a, b] = whole.lastSampleOnly ? [last(us), last(vs)] : [us, vs];
    batch.products.addOuterProducts(a, b, name === 'add_' ? factor : -factor, matrixOf(tensor));
    return operands[0];
  }
  const one = batch.lookedAt(name, share);
  if (one instanceof Many) asItIs(tensor, whole.lastSampleOnly ? one.of(batch.samples - 1) : one.all().sum(0));
  else if (whole.lastSampleOnly) asItIs(tensor, one);
  else asItIs(tensor, typeof one === 'number' ? one * batch.samples : (one as Tensor).mul(batch.samples));
  return operands[0];
}

/** What the last sample leaves; the shares of those before it are gone. */
function replaced(batch: Batch, { name, operands, behind, asItIs }: Asked, { tensor, whole }: Sum): unknown {
  if (tensor !== whole.tensor) batch.stop(name, 'replaces a part of a sum');
  whole.changes += 1;
  whole.lastSampleOnly = true;
  let [, by] = behind;
  if (by instanceof Outer) by = lastOf(batch, by);
  else by = batch.lookedAt(name, by);
  asItIs(tensor, by instanceof Many ? by.of(batch.samples - 1) : by, ...behind.slice(2));
  return operands[0];
}

function lastOf({ samples }: Batch, { u, v, factor }: Outer): Tensor {
  return u
    .of(samples - 1)
    .outer(v.of(samples - 1) as never)
    .mul(factor) as Tensor;
}

/** A sum and a share of each sample, not added yet. */
function running(batch: Batch, name: 'add' | 'sub', sum: Sum, operand: unknown): unknown {
  const share = operand instanceof Outer ? operand : batch.lookedAt(name, operand);
  if (!(share instanceof Many || share instanceof Outer)) return batch.stop(name, READS);
  if (!sameShape(broadcastShapes(name, sum.shape, share.shape), sum.shape)) return batch.stop(name, READS);
  return batch.stand(new Running(sum, share, `${name}_`));
}

/** `sum.copy_(sum.add(share))` is `sum.add_(share)`, if nothing happened in between. */
function continued(batch: Batch, asked: Asked, sum: Sum, { sum: own, share, operation, changes, isOutdated }: Running) {
  if (own.tensor !== sum.tensor || changes !== sum.whole.changes || isOutdated) return batch.stop(asked.name, READS);
  const method = sum.tensor[operation] as (share: never) => unknown;
  const asItIs = (tensor: unknown, by: unknown) => method.call(tensor, by as never);
  return added(batch, { ...asked, name: operation, asItIs }, sum, share);
}
