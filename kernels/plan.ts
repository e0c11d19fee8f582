/**
 * Where everything lies in memory and how large it is. JavaScript writes the words of `Plan` and `DataSet` once, in this
 * order, and the kernels read them; build.mjs reads this file and hands names and numbers on to src/engine/layout.ts.
 * Addresses and sizes in bytes unless noted.
 *
 * How the work is cut, for two groups, two tiles and four chunks:
 *
 *              inputs →                                  hidden units →
 *              tile 0      tile 1                         group 0     group 1
 *            ┌───────────┬───────────┐                  ┌───────────┬───────────┐
 *   shard 0  │ · x · x x │ x · · · · │               │  │  chunk 0  │           │
 *            │ · · x x · │ · x · · · │        tile 0 │  ├ ─ ─ ─ ─ ─ ┼ ─ ─ ─ ─ ─ ┤
 *            ├───────────┼───────────┤               │  │  chunk 1  │           │
 *   shard 1  │ x x · · · │ · · · x · │                  ├───────────┼───────────┤
 *            │ · x x · · │ · · · · x │               │  │  chunk 2  │           │
 *            ├───────────┼───────────┤        tile 1 │  ├ ─ ─ ─ ─ ─ ┼ ─ ─ ─ ─ ─ ┤
 *   …        │           │           │               │  │  chunk 3  │           │
 *            └───────────┴───────────┘                  └───────────┴───────────┘
 *              the samples                                w1, transposed
 *
 * - a shard: the samples that one thread takes at a time in the forward pass. Sums over samples are sums over shards,
 *   added in one binary tree. It has room for `room` samples.
 * - a group: the hidden units whose sums the registers hold, `width` vectors of four float32. A row of a group, one
 *   input's weights, is 16 · width bytes.
 * - a tile: inputs whose rows of a group stay in the first cache while a shard's samples go by.
 * - a chunk: inputs that one thread takes at a time in the backward pass (or several chunks, a piece). Chunks have about
 *   the same number of entries, x in the drawing: the inputs that differ from the background.
 */

/** The memory's beginning. Before all this lies nothing: an address of 0 is a mistake. */
export const PLAN_AT: usize = 64;
/** What the compiler puts into memory, tanh's constants. */
export const CONSTANTS_AT: usize = 1024;
/** Everything that the plan leads to. */
export const DATA_AT: usize = 2048;

/** The vectors of the widest group: what a core's registers hold beside the operands; gather.ts has no wider kernel. */
export const WIDEST: u32 = 13;
/** How many bytes of vectors tanh.ts takes at a time; between its loops it keeps two lists of this size. */
export const TANH_BLOCK: usize = 1024;

@unmanaged
export class Plan {
  inputs: u32; // D
  classes: u32; // C
  groups: u32; // of hidden units
  width: u32; // vectors a group
  classVectors: u32; // ⌈C / 4⌉
  room: u32; // samples a shard has room for, a multiple of 4
  sparse: u32; // 1: inputs are stored as background + sparse, 0: as they are
  tile: u32; // inputs a tile of the forward pass
  tiles: u32;
  inputRow: u32; // dense inputs: bytes a sample
  background: f32; // the training set's most frequent input value; 0 where inputs are dense
  eta: f32;
  errorBelow: f32; // an answer is wrong where the target of the predicted class is below this
  firstShard: u32; // the training shards that are worked on: all of them, or one whole subtree of the tree of sums
  endShard: u32;

  // parameters
  w1: u32; // [groups][inputs][width · 4]
  w2: u32; // [groups][classes padded to 4][width · 4]
  b1: u32; // [groups][width · 4]
  b2: u32; // [classVectors · 4]
  w2t: u32; // the transpose, [groups · width · 4][classVectors · 4]
  // the gradient sums in the same layout, one after the other
  dw1: u32;
  dw2: u32;
  db1: u32;
  db2: u32;

  delta: u32; // dℓ/ds1 of the training samples, [shards][groups][room][width · 4]
  partials: u32; // a shard's sums of dw2, db1 and db2
  partialBytes: u32; // of one shard
  responses: u32; // x2 of the samples of a set, where somebody asks for them, [shards][room][classVectors · 4]
  rowSums: u32; // sums of w1 over each chunk of inputs, [chunks][groups · width · 4]
  chunks: u32;
  chunkStarts: u32; // u32 [chunks + 1]
  pieces: u32; // of several chunks, in which the threads take the backward pass

  scratch: u32; // a piece for each thread, which begins with b1 + background · Σ w1, [groups][width · 4]
  scratchBytes: u32;
  x1: u32; // offsets within a piece: the hidden responses of one shard, [groups][room][width · 4]
  z: u32; // s2, then x2, then dℓ/ds2 of one shard, [room][classVectors · 4]; after it tanh′ s2, alike
  product: u32; // w2ᵀ dℓ/ds2 of one shard and group, [room][width · 4]
  sums: u32; // the sum of dℓ/ds1 over all samples, one group; after it a stack of 32 pairs of vectors
  tanh: u32; // 2 · TANH_BLOCK bytes in which tanh.ts keeps what goes from one loop to the next
  tree: u32; // the shard sums that wait for their neighbour
  threads: u32;
  queue: u32; // 64 bytes a thread: the next task of its share

  columnStarts: u32; // sparse training inputs by columns: where they begin among the entries, u32 [shards · inputs + 1]
  columnEntries: u32; // 8 bytes each: u32, where the sample's row begins among its shard's dℓ/ds1; f32, input − background

  train: u32; // a DataSet
  test: u32; // a DataSet
}

@unmanaged
export class DataSet {
  samples: u32;
  shards: u32; // a power of two
  rowStarts: u32; // sparse inputs by samples: where they begin among the entries, u32 [shards · tiles · room + 1]
  inputs: u32; // 8 bytes each: u32, where the input's row begins in its tile of w1; f32, input − background.
  // dense: f32 [shards · room][inputRow]
  targets: u32; // f32 [shards · room][classVectors · 4]
  losses: u32; // f64 [shards]
  errors: u32; // u32 [shards]
}

export const plan = changetype<Plan>(PLAN_AT);

@inline export function trainSet(): DataSet { return changetype<DataSet>(<usize>plan.train); }
@inline export function testSet(): DataSet { return changetype<DataSet>(<usize>plan.test); }

/** The first sample of a shard. */
export function shardStart(set: DataSet, shard: u32): u32 {
  return <u32>((<u64>set.samples * <u64>shard) / <u64>set.shards);
}

/** The first input of a chunk. */
@inline export function chunkStart(chunk: u32): u32 { return load<u32>(plan.chunkStarts + 4 * chunk); }
