import { dense } from './dense';
import { sumRows } from './forward';
import { gather } from './gather';
import { plan, shardStart, trainSet } from './plan';

/**
 * The sum of one vector over all shards, in a binary tree: neighbours first, then pairs of neighbours. The sums that
 * wait lie on a stack, as the digits of a binary counter. `stack` has room for a vector each.
 */
function treeSum(from: usize, stride: usize, shards: u32, stack: usize): v128 {
  let top = stack;
  for (let shard: u32 = 0; shard < shards; shard++, from += stride) {
    let sum = v128.load(from);
    for (let merges = ctz(~shard); merges > 0; merges--) {
      top -= 16;
      sum = f32x4.add(v128.load(top), sum);
    }
    v128.store(top, sum);
    top += 16;
  }
  return v128.load(stack);
}

/** gradient ← sum, parameter ← parameter − η · sum; answers the new parameter. */
@inline
function update(parameter: usize, gradient: usize, sum: v128): v128 {
  v128.store(gradient, sum);
  const updated = f32x4.sub(v128.load(parameter), f32x4.mul(f32x4.splat(plan.eta), sum));
  v128.store(parameter, updated);
  return updated;
}

/** The sums over inputs of w1 as it was given, in the same chunks as after every update. */
export function sumInitialRows(): void {
  const rowBytes: usize = 16 * plan.width;
  for (let chunk: u32 = 0; chunk < plan.chunks; chunk++) {
    const first = load<u32>(plan.chunkStarts + 4 * chunk);
    const inputs = load<u32>(plan.chunkStarts + 4 * (chunk + 1)) - first;
    for (let group: u32 = 0; group < plan.groups; group++) {
      const w1 = plan.w1 + (group * plan.inputs + first) * rowBytes;
      sumRows(w1, inputs, plan.width, plan.rowSums + (chunk * plan.groups + group) * rowBytes);
    }
  }
}

/** Sums dw2 and db1 of one group of units over the shards, and with the first group db2; updates w2, b1, b2. */
export function updateSmall(group: u32, scratch: usize): void {
  const shards = trainSet().shards;
  const rowBytes: usize = 16 * plan.width;
  const classBytes: usize = 16 * plan.classVectors;
  const paddedClasses = 4 * plan.classVectors;
  const w2Bytes = paddedClasses * rowBytes;
  const stride = plan.partialBytes;
  const stack = scratch + plan.sums + rowBytes;
  const partials = plan.partials + group * (w2Bytes + rowBytes);

  for (let c: u32 = 0; c < plan.classes; c++) {
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const offset = c * rowBytes + at;
      const sum = treeSum(partials + offset, stride, shards, stack);
      const w2 = update(plan.w2 + group * w2Bytes + offset, plan.dw2 + group * w2Bytes + offset, sum);
      const transposed = plan.w2t + (group * rowBytes + at) * paddedClasses + 4 * c;
      v128.store_lane<f32>(transposed, w2, 0);
      v128.store_lane<f32>(transposed + classBytes, w2, 1);
      v128.store_lane<f32>(transposed + 2 * classBytes, w2, 2);
      v128.store_lane<f32>(transposed + 3 * classBytes, w2, 3);
    }
  }
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const sum = treeSum(partials + w2Bytes + at, stride, shards, stack);
    update(plan.b1 + group * rowBytes + at, plan.db1 + group * rowBytes + at, sum);
  }
  if (group > 0) return;
  for (let at: usize = 0; at < classBytes; at += 16) {
    const sum = treeSum(plan.partials + plan.groups * (w2Bytes + rowBytes) + at, stride, shards, stack);
    update(plan.b2 + at, plan.db2 + at, sum);
  }
}

/**
 * Sums dw1 of one group of units over the samples for some chunks of inputs and updates w1. An input's gradient is one
 * thread's alone: shard by shard in the order of the samples, the shard sums in the binary tree of `treeSum`, here for
 * all these inputs at once, so that a shard's dℓ/ds1 is read once.
 */
export function updateChunks(group: u32, firstChunk: u32, endChunk: u32, scratch: usize): void {
  const set = trainSet();
  const width = plan.width;
  const rowBytes: usize = 16 * width;
  const first = load<u32>(plan.chunkStarts + 4 * firstChunk);
  const inputs = load<u32>(plan.chunkStarts + 4 * endChunk) - first;
  const tree = scratch + plan.tree;
  const level = ((inputs + 1) & ~1) * rowBytes; // of the tree
  let top = tree;
  for (let shard: u32 = 0; shard < set.shards; shard++) {
    const merges = ctz(~shard);
    const delta = plan.delta + (shard * plan.groups + group) * plan.room * rowBytes;
    if (plan.sparse) {
      const starts = plan.columnStarts + 4 * (shard * plan.inputs + first);
      gather(width, starts, inputs, delta, top, merges, level);
    } else {
      const samples = shardStart(set, shard + 1) - shardStart(set, shard);
      const x = set.inputs + shard * plan.room * plan.inputRow + 4 * first;
      dense(width, x, 4, plan.inputRow, (inputs + 1) & ~1, samples, delta, top, merges, level);
    }
    top = top - merges * level + level;
  }

  // what every sample's background input adds, alike for all inputs: background · Σ dℓ/ds1
  const shared = scratch + plan.sums;
  const partialGroup = (4 * plan.classVectors + 1) * rowBytes;
  const db1 = plan.partials + group * partialGroup + 4 * plan.classVectors * rowBytes;
  const stack = shared + rowBytes;
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const sum = treeSum(db1 + at, plan.partialBytes, set.shards, stack);
    v128.store(shared + at, f32x4.mul(f32x4.splat(plan.background), sum));
  }

  let sum = tree;
  for (let chunk = firstChunk; chunk < endChunk; chunk++) {
    const start = load<u32>(plan.chunkStarts + 4 * chunk);
    const end = load<u32>(plan.chunkStarts + 4 * (chunk + 1));
    const w1 = plan.w1 + (group * plan.inputs + start) * rowBytes;
    const dw1 = plan.dw1 + (group * plan.inputs + start) * rowBytes;
    const bytes: usize = (end - start) * rowBytes;
    const rowSum = plan.rowSums + (chunk * plan.groups + group) * rowBytes;
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const background = v128.load(shared + at);
      let total = f32x4.splat(0);
      for (let offset: usize = at; offset < bytes; offset += rowBytes) {
        const gradient = f32x4.add(v128.load(sum + offset), background);
        total = f32x4.add(total, update(w1 + offset, dw1 + offset, gradient));
      }
      v128.store(rowSum + at, total);
    }
    sum += bytes;
  }
}
