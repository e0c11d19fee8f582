import { dense } from './dense';
import { sumRows } from './forward';
import { gather } from './gather';
import { chunkStart, plan, shardStart, trainSet } from './plan';

/**
 * The sum of one vector over shards, in a binary tree: neighbours first, then pairs of neighbours. The sums that wait
 * lie on a stack, as the digits of a binary counter. `stack` has room for a vector each.
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
  for (let at: usize = 0; at < bytes; at += 16) v128.store(out + at, treeSum(from + at, stride, shards, stack));
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
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const background = f32x4.mul(f32x4.splat(plan.background), v128.load(db1 + at));
      let total = f32x4.splat(0);
      for (let offset: usize = at; offset < bytes; offset += rowBytes) {
        const gradient = f32x4.add(v128.load(sums + offset), background);
        v128.store(dw1 + offset, gradient);
        total = f32x4.add(total, descend(w1 + offset, gradient));
      }
      v128.store(rowSum + at, total);
    }
    sums += bytes;
  }
}
