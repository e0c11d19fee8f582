import { dense } from './dense';
import { gather } from './gather';
import { storeBoth } from './pairs';
import { DataSet, plan, shardStart } from './plan';
import { tanhInPlace, tanhInPlaceWithDerivative } from './tanh';

/**
 * What background input and bias give to every sample alike: b1 + background · Σ w1. Each thread computes it for
 * itself before its first shard: that costs less than waiting for another to do it.
 */
export function prepareBase(scratch: usize): void {
  const vectors = plan.groups * plan.width;
  const background = f32x4.splat(plan.background);
  sumRows(plan.rowSums, plan.chunks, vectors, scratch);
  for (let at: usize = 0; at < 16 * vectors; at += 32) {
    const added0 = f32x4.mul(background, v128.load(scratch + at));
    const added1 = f32x4.mul(background, v128.load(scratch + at, 16));
    // an odd last vector takes along what comes after it, which is not yet in use
    storeBoth(
      scratch + at,
      f32x4.add(v128.load(plan.b1 + at), added0),
      f32x4.add(v128.load(plan.b1 + at, 16), added1),
    );
  }
}

/** Every row of `out` ← `from`. */
function fillRows(out: usize, rows: u32, from: usize, rowBytes: usize): void {
  for (; rows > 0; rows--, out += rowBytes) {
    let at: usize = 0;
    for (; at + 16 < rowBytes; at += 32) storeBoth(out + at, v128.load(from + at), v128.load(from + at, 16));
    if (at < rowBytes) v128.store(out + at, v128.load(from + at));
  }
}

/** s1 of one group of units for one shard, tile by tile, so that the tile's slice of w1 stays in the first cache. */
function hiddenSums(set: DataSet, shard: u32, group: u32, rows: u32, base: usize, out: usize): void {
  const rowBytes: usize = 16 * plan.width;
  const w1 = plan.w1 + group * plan.inputs * rowBytes;
  fillRows(out, rows, base + group * rowBytes, rowBytes);
  for (let tile: u32 = 0; tile < plan.tiles; tile++) {
    const first = tile * plan.tile;
    const table = w1 + first * rowBytes;
    if (plan.sparse) {
      const starts = set.rowStarts + 4 * ((shard * plan.tiles + tile) * plan.room);
      gather(plan.width, starts, rows, table, out + rowBytes, 1, rowBytes);
    } else {
      const terms = min(plan.tile, plan.inputs - first);
      const x = set.inputs + shard * plan.room * plan.inputRow + 4 * first;
      // an odd last row takes the next one along: there is always room for it
      const even = (rows + 1) & ~1;
      dense(plan.width, x, plan.inputRow, 4, even, terms, table, out + rowBytes, 1, rowBytes);
    }
  }
}

/** x2 = tanh(w2 x1 + b2), up to the tanh, for all rows of a shard. */
function outputSums(rows: u32, x1: usize, out: usize): void {
  const rowBytes: usize = 16 * plan.width;
  const classBytes: usize = 16 * plan.classVectors;
  const units = 4 * plan.width;
  fillRows(out, rows, plan.b2, classBytes);
  for (let group: u32 = 0; group < plan.groups; group++) {
    const x = x1 + group * plan.room * rowBytes;
    const table = plan.w2t + group * units * classBytes;
    dense(plan.classVectors, x, rowBytes, 4, rows, units, table, out + classBytes, 1, classBytes);
  }
}

/** Two lanes in the place of the other two, and each lane in the place of its neighbour. */
@inline function halvesSwapped(v: v128): v128 {
  return i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
}
@inline function neighboursSwapped(v: v128): v128 {
  return i8x16.shuffle(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
}

/**
 * The class of the largest response, the first one on a tie or, as in torch, the first NaN. Without a branch: nobody could
 * predict it.
 */
@inline
function predictedClass(x2: usize): u32 {
  // classes that only fill the last vector must not win
  const last: u32 = 16 * (plan.classVectors - 1);
  const filling = f32x4.ge(f32x4(0, 1, 2, 3), f32x4.splat(<f32>(plan.classes - 4 * (plan.classVectors - 1))));
  let largest = v128.bitselect(f32x4.splat(-Infinity), v128.load(x2 + last), filling);
  for (let at: u32 = 0; at < last; at += 16) largest = f32x4.max(largest, v128.load(x2 + at));
  largest = f32x4.max(largest, halvesSwapped(largest)); // NaN if one is
  largest = f32x4.max(largest, neighboursSwapped(largest));
  const none = i32x4.splat(-1); // the largest number without a sign
  let first = none;
  let classes = i32x4(0, 1, 2, 3);
  for (let at: u32 = 0; at <= last; at += 16) {
    const x = v128.load(x2 + at);
    const found = v128.or(f32x4.eq(x, largest), f32x4.ne(x, x));
    first = i32x4.min_u(first, v128.bitselect(classes, none, found));
    classes = i32x4.add(classes, i32x4.splat(4));
  }
  first = i32x4.min_u(first, halvesSwapped(first));
  return i32x4.extract_lane(i32x4.min_u(first, neighboursSwapped(first)), 0);
}

@inline
function isWrong(x2: usize, target: usize): u32 {
  return u32(load<f32>(target + 4 * predictedClass(x2)) < plan.errorBelow);
}

/** x2 of the samples of one shard, left in z. Answers how many they are. */
function respond(set: DataSet, shard: u32, scratch: usize): u32 {
  const rows = shardStart(set, shard + 1) - shardStart(set, shard);
  const padded = (rows + 1) & ~1;
  const x1 = scratch + plan.x1;
  const z = scratch + plan.z;
  const groupBytes = 16 * plan.room * plan.width;
  for (let group: u32 = 0; group < plan.groups; group++) {
    hiddenSums(set, shard, group, rows, scratch, x1 + group * groupBytes);
    tanhInPlace(x1 + group * groupBytes, rows * plan.width, scratch + plan.tanh);
  }
  outputSums(padded, x1, z);
  tanhInPlace(z, rows * plan.classVectors, scratch + plan.tanh);
  return rows;
}

/** Tests one shard: counts its errors. */
export function testShard(set: DataSet, shard: u32, scratch: usize): void {
  const rows = respond(set, shard, scratch);
  const z = scratch + plan.z;
  const classBytes: u32 = 16 * plan.classVectors;
  let errors: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    errors += isWrong(z + row * classBytes, set.targets + (shard * plan.room + row) * classBytes);
  }
  store<u32>(set.errors + 4 * shard, errors);
}

/** Leaves one shard's x2 where JavaScript finds them. */
export function keepResponses(set: DataSet, shard: u32, scratch: usize): void {
  const rows = respond(set, shard, scratch);
  const classBytes: usize = 16 * plan.classVectors;
  memory.copy(plan.responses + shard * plan.room * classBytes, scratch + plan.z, rows * classBytes);
}

/** x2, the loss, the errors and dℓ/ds2 of a shard; z holds s2 before and dℓ/ds2 after. */
function outputLayer(set: DataSet, shard: u32, rows: u32, z: usize, scratch: usize): void {
  const classBytes: u32 = 16 * plan.classVectors;
  const vectors = rows * plan.classVectors;
  const derivative = z + plan.room * classBytes; // as many rows after the last
  const targets = set.targets + shard * plan.room * classBytes;
  tanhInPlaceWithDerivative(z, derivative, vectors, scratch + plan.tanh);
  let errors: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) errors += isWrong(z + row * classBytes, targets + row * classBytes);
  store<u32>(set.errors + 4 * shard, errors);
  store<f64>(set.losses + 8 * shard, lossAndSlopes(z, targets, derivative, vectors));
}

/** The loss, Σ (x2 − t)², of so many vectors; z holds x2 before and 2 (x2 − t) · tanh′ s2 after. */
function lossAndSlopes(z: usize, target: usize, derivative: usize, vectors: u32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  const end = z + 16 * vectors;
  for (; z + 16 < end; z += 32, target += 32, derivative += 32) {
    const difference0 = f32x4.sub(v128.load(z), v128.load(target));
    const difference1 = f32x4.sub(v128.load(z, 16), v128.load(target, 16));
    low = f64x2.add(f64x2.add(low, squareOfLow(difference0)), squareOfLow(difference1));
    high = f64x2.add(f64x2.add(high, squareOfHigh(difference0)), squareOfHigh(difference1));
    storeBoth(
      z,
      f32x4.mul(f32x4.add(difference0, difference0), v128.load(derivative)),
      f32x4.mul(f32x4.add(difference1, difference1), v128.load(derivative, 16)),
    );
  }
  if (z < end) {
    const difference = f32x4.sub(v128.load(z), v128.load(target));
    low = f64x2.add(low, squareOfLow(difference));
    high = f64x2.add(high, squareOfHigh(difference));
    v128.store(z, f32x4.mul(f32x4.add(difference, difference), v128.load(derivative)));
  }
  const loss = f64x2.add(low, high);
  return f64x2.extract_lane(loss, 0) + f64x2.extract_lane(loss, 1);
}

@inline
function squareOfLow(v: v128): v128 {
  const low = f64x2.promote_low_f32x4(v);
  return f64x2.mul(low, low);
}

@inline
function squareOfHigh(v: v128): v128 {
  return squareOfLow(halvesSwapped(v));
}

/** One column of a sum of rows, or two neighbours. */
@inline
function sumColumns(both: bool, from: usize, rows: u32, rowBytes: usize, out: usize): void {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  for (; rows > 0; rows--, from += rowBytes) {
    sum0 = f32x4.add(sum0, v128.load(from));
    if (both) sum1 = f32x4.add(sum1, v128.load(from, 16));
  }
  if (both) storeBoth(out, sum0, sum1);
  else v128.store(out, sum0);
}

/** out[width] ← the sum of `rows` rows. */
export function sumRows(from: usize, rows: u32, width: u32, out: usize): void {
  const rowBytes: usize = 16 * width;
  let at: usize = 0;
  for (; at + 16 < rowBytes; at += 32) sumColumns(true, from + at, rows, rowBytes, out + at);
  if (at < rowBytes) sumColumns(false, from + at, rows, rowBytes, out + at);
}

/** x ← x · y over so many vectors; an odd last one takes along the one that follows. */
function multiply(x: usize, y: usize, vectors: u32): void {
  for (const end = x + 16 * vectors; x < end; x += 32, y += 32) {
    storeBoth(x, f32x4.mul(v128.load(x), v128.load(y)), f32x4.mul(v128.load(x, 16), v128.load(y, 16)));
  }
}

/**
 * Forward and backward over one training shard, except for dw1: leaves dℓ/ds1 in `plan.delta`, the shard's sums of
 * dw2, db1 and db2 in `plan.partials`.
 */
export function trainShard(set: DataSet, shard: u32, scratch: usize): void {
  const rows = shardStart(set, shard + 1) - shardStart(set, shard);
  if (rows == 0) return; // with fewer samples than shards: its sums stay 0
  const padded = (rows + 1) & ~1;
  const x1 = scratch + plan.x1;
  const z = scratch + plan.z;
  const width = plan.width;
  const rowBytes: usize = 16 * width;
  const groupBytes = plan.room * rowBytes;
  const classBytes: usize = 16 * plan.classVectors;
  const delta = plan.delta + shard * plan.groups * groupBytes;

  for (let group: u32 = 0; group < plan.groups; group++) {
    const x = x1 + group * groupBytes;
    hiddenSums(set, shard, group, rows, scratch, x);
    tanhInPlaceWithDerivative(x, delta + group * groupBytes, rows * width, scratch + plan.tanh);
  }
  outputSums(padded, x1, z);
  outputLayer(set, shard, rows, z, scratch);

  const partial = plan.partials + shard * plan.partialBytes;
  const paddedClasses = 4 * plan.classVectors;
  const partialGroup = (paddedClasses + 1) * rowBytes;
  for (let group: u32 = 0; group < plan.groups; group++) {
    const w2 = plan.w2 + group * paddedClasses * rowBytes;
    const product = scratch + plan.product;
    const d = delta + group * groupBytes;
    const sums = partial + group * partialGroup;
    dense(width, z, classBytes, 4, padded, plan.classes, w2, product, 0, 0);
    multiply(d, product, rows * width);
    dense(width, z, 4, classBytes, paddedClasses, rows, x1 + group * groupBytes, sums, 0, 0);
    sumRows(d, rows, width, sums + paddedClasses * rowBytes);
  }
  sumRows(z, rows, plan.classVectors, partial + plan.groups * partialGroup);
}
