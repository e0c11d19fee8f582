/**
 * Longhand with one thread, with all, and with as many as help, on a machine as it is and while another program keeps a
 * core busy. Milliseconds a step with the look at the test set, medians of trainings of 1,000 steps that take turns:
 *
 *     node bench/threads.mjs [ROUNDS]
 *     systemd-run --scope -p CPUQuota=100% node bench/threads.mjs       with the time of one core
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { joinVectors } from '../dist/cli/join-vectors.js';
import { initialParameters, loadData, manualSeed, problemOf, wasmEngine } from '../dist/index.js';
import { Tensor } from '../dist/tensor/index.js';
import { median } from './tables.mjs';

joinVectors();
const rounds = Number(process.argv[2] ?? 7);
const STEPS = 1000;

const mnist = problemOf(await loadData({ dataset: 'mnist', oneHotLabels: true, normalize: true, log() {} }));
const few = Object.entries(mnist).map(([name, value]) => [
  name,
  value instanceof Tensor ? value.narrow(0, 0, 8) : value,
]);

/** A training from a new engine on. */
async function train(problem, hidden, threads) {
  manualSeed(0);
  const engine = await wasmEngine(problem, initialParameters({ inputs: 784, hidden, classes: 10 }, 0.01), { threads });
  const begin = performance.now();
  for (let step = 0; step < STEPS; step++) {
    await engine.step(0.1 / engine.trainCount);
    await engine.testErrors();
  }
  const ms = performance.now() - begin;
  await engine.dispose();
  return ms / STEPS;
}

async function measure(title, problem, hidden) {
  const times = [1, availableParallelism(), undefined].map(threads => ({ threads, ms: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const { threads, ms } of times) ms.push(await train(problem, hidden, threads));
  }
  console.log(`| ${title} | ${times.map(({ ms }) => median(ms).toPrecision(3)).join(' | ')} |`);
}

console.log(`| ms a step | 1 thread | ${availableParallelism()} threads | as many as help |\n|---|--:|--:|--:|`);
await measure('1,000 samples, 50 units', mnist, 50);
await measure('8 samples, 10 units', Object.fromEntries(few), 10);
const busy = spawn(process.execPath, ['-e', 'for (;;);']);
await sleep(500);
await measure('1,000 samples, 50 units, and a program that keeps a core busy', mnist, 50);
busy.kill();
