/**
 * The gradient step in two parts, and looks at the samples of a set. Each part is cut into tasks that need nothing of
 * each other; every thread calls the same function and takes tasks until none is left. Which thread does a task never
 * shows in the result: a task writes to places of its own and sums in an order that its number alone decides.
 */
import { sumHiddenBiases, sumInitialRows, sumInputs, sumSmall, updateChunks, updateSmall } from './backward';
import { keepResponses, prepareBase, testShard, trainShard } from './forward';
import { chunkStart, DataSet, plan, testSet, trainSet } from './plan';

/** The threads share the tasks out evenly beforehand; who is done early takes from the others. */
let share: u32 = 0; // whose share is being worked on, counted from one's own

/** The next task for a thread; `tasks` when none is left. */
function nextTask(thread: u32, tasks: u32): u32 {
  const threads = plan.threads;
  for (; share < threads; share++) {
    const owner = (thread + share) % threads;
    const first = (tasks * owner) / threads;
    const end = (tasks * (owner + 1)) / threads;
    const task = first + atomic.add<u32>(plan.queue + 64 * owner, 1);
    if (task < end) return task;
  }
  return tasks;
}

function scratchOf(thread: u32): usize {
  return plan.scratch + thread * plan.scratchBytes;
}

/** Once, after the parameters were written, on one thread. */
export function prepare(): void {
  sumInitialRows();
}

/** Before a part begins, on one thread: no task is taken. */
export function begin(): void {
  for (let thread: u32 = 0; thread < plan.threads; thread++) store<u32>(plan.queue + 64 * thread, 0);
}

/** Part 1 of a step: forward pass, loss, errors, dℓ/ds2, dℓ/ds1, and the shards' sums of dw2, db1, db2. */
export function forward(thread: u32): void {
  const scratch = scratchOf(thread);
  const shards = plan.endShard - plan.firstShard;
  share = 0;
  prepareBase(scratch);
  for (let task = nextTask(thread, shards); task < shards; task = nextTask(thread, shards)) {
    trainShard(trainSet(), plan.firstShard + task, scratch);
  }
}

/** Part 2 of a step: dw1, all sums over shards, and the update; or only the one, or only the other. */
@inline
function descend(sums: bool, update: bool, thread: u32): void {
  const scratch = scratchOf(thread);
  const rowBytes: usize = 16 * plan.width;
  const pieces = plan.pieces;
  const tasks = plan.groups * (pieces + 1);
  share = 0;
  for (let task = nextTask(thread, tasks); task < tasks; task = nextTask(thread, tasks)) {
    const group = task / (pieces + 1);
    const piece = task % (pieces + 1);
    if (piece == pieces) {
      if (sums) sumSmall(group, scratch);
      if (update) updateSmall(group);
      continue;
    }
    const firstChunk = (piece * plan.chunks) / pieces;
    const endChunk = ((piece + 1) * plan.chunks) / pieces;
    const first = chunkStart(firstChunk);
    const inputs = chunkStart(endChunk) - first;
    const dw1 = plan.dw1 + (group * plan.inputs + first) * rowBytes;
    const tree = scratch + plan.tree;
    if (sums) sumInputs(group, first, inputs, scratch);
    if (sums && update) {
      // the new sums are still in the first cache; db1 itself is another task's, and perhaps not there yet
      sumHiddenBiases(group, scratch + plan.sums, scratch);
      updateChunks(group, firstChunk, endChunk, tree, scratch + plan.sums);
    } else if (sums) {
      memory.copy(dw1, tree, inputs * rowBytes);
    } else {
      updateChunks(group, firstChunk, endChunk, dw1, plan.db1 + group * rowBytes);
    }
  }
}

export function backward(thread: u32): void {
  descend(true, true, thread);
}

/**
 * The first half of `backward`, for one subtree of the shards: leaves its sums in dw1 (without what the background
 * adds), dw2, db1 and db2. Whoever has the sums of the other subtrees adds them there.
 */
export function sumGradients(thread: u32): void {
  descend(true, false, thread);
}

/** The second half: adds to dw1 what the background adds, then updates the parameters. */
export function update(thread: u32): void {
  descend(false, true, thread);
}

/** The look at a set: counts its errors, or keeps its responses. */
@inline
function look(set: DataSet, keep: bool, thread: u32): void {
  const scratch = scratchOf(thread);
  share = 0;
  prepareBase(scratch);
  for (let task = nextTask(thread, set.shards); task < set.shards; task = nextTask(thread, set.shards)) {
    if (keep) keepResponses(set, task, scratch);
    else testShard(set, task, scratch);
  }
}

/** Counts the errors on the test set. */
export function test(thread: u32): void {
  look(testSet(), false, thread);
}

/** Leaves x2 of all training samples in `plan.responses`. */
export function respondToTrain(thread: u32): void {
  look(trainSet(), true, thread);
}

/** Leaves x2 of all test samples there. */
export function respondToTest(thread: u32): void {
  look(testSet(), true, thread);
}

/** tanh and its derivative over a stretch of memory, for the tests. */
export { tanhInPlaceWithDerivative } from './tanh';

/** Arithmetic, products and functions by themselves, for programs that were written by others: src/batch. */
export { add, divide, multiply, subtract } from './arithmetic';
export { dense } from './dense';
export { gather } from './gather';
export { nearestCosh, nearestExp, nearestSigmoid, nearestTanh } from './nearest';
