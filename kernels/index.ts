/**
 * The gradient step in two parts, and the test. Each part is cut into tasks that need nothing of each other; every
 * thread calls the same function and takes tasks until none is left. Which thread does a task never shows in the
 * result: a task writes to places of its own and sums in an order that its number alone decides.
 */
import { sumInitialRows, updateChunks, updateSmall } from './backward';
import { prepareBase, testShard, trainShard } from './forward';
import { plan, testSet, trainSet } from './plan';

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
  const set = trainSet();
  const scratch = scratchOf(thread);
  share = 0;
  prepareBase(scratch);
  for (let task = nextTask(thread, set.shards); task < set.shards; task = nextTask(thread, set.shards)) {
    trainShard(set, task, scratch);
  }
}

/** Part 2 of a step: dw1, all sums over shards, and the update. */
export function backward(thread: u32): void {
  const scratch = scratchOf(thread);
  const pieces = plan.pieces;
  const tasks = plan.groups * (pieces + 1);
  share = 0;
  for (let task = nextTask(thread, tasks); task < tasks; task = nextTask(thread, tasks)) {
    const group = task / (pieces + 1);
    const piece = task % (pieces + 1);
    const chunk = (piece * plan.chunks) / pieces;
    if (piece < pieces) updateChunks(group, chunk, ((piece + 1) * plan.chunks) / pieces, scratch);
    else updateSmall(group, scratch);
  }
}

/** Counts the errors on the test set. */
export function test(thread: u32): void {
  const set = testSet();
  const scratch = scratchOf(thread);
  share = 0;
  prepareBase(scratch);
  for (let task = nextTask(thread, set.shards); task < set.shards; task = nextTask(thread, set.shards)) {
    testShard(set, task, scratch);
  }
}

/** tanh and its derivative over a stretch of memory, for the tests. */
export { tanhInPlaceWithDerivative } from './tanh';
