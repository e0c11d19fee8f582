import { dense } from './dense';
import { sumRows } from './forward';
import { gather } from './gather';
import { storeBoth } from './pairs';
import { chunkStart, plan, shardStart, trainSet } from './plan';

/**
 * out ← the sum of one vector, or of two neighbours, over shards, in a binary tree: neighbours first, then pairs of
 * neighbours. The sums that wait lie on a stack, as the digits of a binary counter.
 */
@inline
function treeSum(both: bool, from: usize, stride: usize, shards: u32, stack: usize, out: usize): void {
  let top = stack;
  for (let shard: u32 = 0; shard < shards; shard++, from += stride) {
    let sum0 = v128.load(from);
    let sum1 = both ? v128.load(from, 16) : sum0;
    for (let merges = ctz(~shard); merges > 0; merges--) {
      top -= 32;
      sum0 = f32x4.add(v128.load(top), sum0);
      if (both) sum1 = f32x4.add(v128.load(top, 16), sum1);
    }
    if (both) storeBoth(top, sum0, sum1);
    else v128.store(top, sum0);
    top += 32;
  }
  if (both) storeBoth(out, v128.load(stack), v128.load(stack, 16));
  else v128.store(out, v128.load(stack));
}

/** parameter ← parameter − η · gradient; answers the new parameter. */
@inline
function descend(parameter: usize, gradient: v128): v128 {
  const updated = f32x4.sub(v128.load(parameter), f32x4.mul(f32x4.splat(plan.eta), gradient));
  v128.store(parameter, updated);
  return updated;
}

/** The sums over inputs of w1 as it was given, in the same chunks as after every update. */
export function sumInitialRows(): void {
  const rowBytes: usize = 16 * plan.width;
  for (let chunk: u32 = 0; chunk < plan.chunks; chunk++) {
    const first = chunkStart(chunk);
    const inputs = chunkStart(chunk + 1) - first;
    for (let group: u32 = 0; group < plan.groups; group++) {
      const w1 = plan.w1 + (group * plan.inputs + first) * rowBytes;
      sumRows(w1, inputs, plan.width, plan.rowSums + (chunk * plan.groups + group) * rowBytes);
    }
  }
}

/** out ← the sums over the shards of so many bytes, of which a shard's lie at `offset` in its piece of `plan.partials`. */
function sumPartials(offset: usize, bytes: usize, out: usize, scratch: usize): void {
  const stride = plan.partialBytes;
  const shards = plan.endShard - plan.firstShard;
  const from = plan.partials + plan.firstShard * stride + offset;
  const stack = scratch + plan.sums + 16 * plan.width;
  let at: usize = 0;
  for (; at + 16 < bytes; at += 32) treeSum(true, from + at, stride, shards, stack, out + at);
  if (at < bytes) treeSum(false, from + at, stride, shards, stack, out + at);
}

/** db1 of one group of units: its sums over the shards. */
export function sumHiddenBiases(group: u32, out: usize, scratch: usize): void {
  const rowBytes: usize = 16 * plan.width;
  const w2Bytes = 4 * plan.classVectors * rowBytes;
  sumPartials(group * (w2Bytes + rowBytes) + w2Bytes, rowBytes, out, scratch);
}

/** dw2 and db1 of one group of units, with the first group db2: their sums over the shards. */
export function sumSmall(group: u32, scratch: usize): void {
  const rowBytes: usize = 16 * plan.width;
  const w2Bytes = 4 * plan.classVectors * rowBytes;
  sumPartials(group * (w2Bytes + rowBytes), plan.classes * rowBytes, plan.dw2 + group * w2Bytes, scratch);
  sumHiddenBiases(group, plan.db1 + group * rowBytes, scratch);
  if (group > 0) return;
  sumPartials(plan.groups * (w2Bytes + rowBytes), 16 * plan.classVectors, plan.db2, scratch);
}

/** Updates w2 and b1 of one group of units, with the first group b2. */
export function updateSmall(group: u32): void {
  const rowBytes: usize = 16 * plan.width;
  const classBytes: usize = 16 * plan.classVectors;
  const paddedClasses = 4 * plan.classVectors;
  const w2Bytes = paddedClasses * rowBytes;

  for (let c: u32 = 0; c < plan.classes; c++) {
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const offset = group * w2Bytes + c * rowBytes + at;
      const w2 = descend(plan.w2 + offset, v128.load(plan.dw2 + offset));
      const transposed = plan.w2t + (group * rowBytes + at) * paddedClasses + 4 * c;
      v128.store_lane<f32>(transposed, w2, 0);
      v128.store_lane<f32>(transposed + classBytes, w2, 1);
      v128.store_lane<f32>(transposed + 2 * classBytes, w2, 2);
      v128.store_lane<f32>(transposed + 3 * classBytes, w2, 3);
    }
  }
  for (let at = group * rowBytes; at < (group + 1) * rowBytes; at += 16) {
    descend(plan.b1 + at, v128.load(plan.db1 + at));
  }
  if (group > 0) return;
  for (let at: usize = 0; at < classBytes; at += 16) descend(plan.b2 + at, v128.load(plan.db2 + at));
}

/**
 * The sums over the samples of dℓ/ds1 times input − background, for one group of units and the inputs from `first` on;
 * left in the scratch's tree. An input's sum is one thread's alone: shard by shard in the order of the samples, the
 * shard sums in the binary tree of `treeSum`, here for all these inputs at once, so that a shard's dℓ/ds1 is read once.
 */
export function sumInputs(group: u32, first: u32, inputs: u32, scratch: usize): void {
  const set = trainSet();
  const width = plan.width;
  const rowBytes: usize = 16 * width;
  const level = ((inputs + 1) & ~1) * rowBytes; // of the tree
  let top = scratch + plan.tree;
  for (let shard = plan.firstShard; shard < plan.endShard; shard++) {
    const merges = ctz(~(shard - plan.firstShard));
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
}

/**
 * Updates one column of a chunk of w1, or two neighbours: what lies at these addresses, at the next row's and so on to
 * `end`. Leaves the new sum.
 */
@inline
function updateColumns(both: bool, w1: usize, dw1: usize, sums: usize, end: usize, db1: usize, rowSum: usize): void {
  const rowBytes: usize = 16 * plan.width;
  const eta = f32x4.splat(plan.eta);
  const background = f32x4.splat(plan.background);
  const background0 = f32x4.mul(background, v128.load(db1));
  const background1 = both ? f32x4.mul(background, v128.load(db1, 16)) : background;
  let total0 = f32x4.splat(0);
  let total1 = f32x4.splat(0);
  for (; sums < end; sums += rowBytes, w1 += rowBytes, dw1 += rowBytes) {
    const gradient0 = f32x4.add(v128.load(sums), background0);
    const updated0 = f32x4.sub(v128.load(w1), f32x4.mul(eta, gradient0));
    total0 = f32x4.add(total0, updated0);
    if (both) {
      const gradient1 = f32x4.add(v128.load(sums, 16), background1);
      const updated1 = f32x4.sub(v128.load(w1, 16), f32x4.mul(eta, gradient1));
      total1 = f32x4.add(total1, updated1);
      storeBoth(dw1, gradient0, gradient1);
      storeBoth(w1, updated0, updated1);
    } else {
      v128.store(dw1, gradient0);
      v128.store(w1, updated0);
    }
  }
  if (both) storeBoth(rowSum, total0, total1);
  else v128.store(rowSum, total0);
}

/**
 * Updates w1 of one group of units for some chunks of inputs. To their `sums` is added what every sample's background
 * adds, alike for all inputs: background · Σ dℓ/ds1, and Σ dℓ/ds1 is `db1`. Leaves the new sums of w1 over each chunk.
 */
export function updateChunks(group: u32, firstChunk: u32, endChunk: u32, sums: usize, db1: usize): void {
  const rowBytes: usize = 16 * plan.width;
  for (let chunk = firstChunk; chunk < endChunk; chunk++) {
    const start = chunkStart(chunk);
    const w1 = plan.w1 + (group * plan.inputs + start) * rowBytes;
    const dw1 = plan.dw1 + (group * plan.inputs + start) * rowBytes;
    const bytes: usize = (chunkStart(chunk + 1) - start) * rowBytes;
    const rowSum = plan.rowSums + (chunk * plan.groups + group) * rowBytes;
    const end = sums + bytes;
    let at: usize = 0;
    for (; at + 16 < rowBytes; at += 32) {
      updateColumns(true, w1 + at, dw1 + at, sums + at, end, db1 + at, rowSum + at);
    }
    if (at < rowBytes) updateColumns(false, w1 + at, dw1 + at, sums + at, end, db1 + at, rowSum + at);
    sums = end;
  }
}
