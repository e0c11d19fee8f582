/**
 * How long a step takes where the functions of others are run for all samples at once: the median of 25 steps, each with
 * its look at the test set, for every right work of the suite, the slowest first. MNIST is looked for where
 * `longhand train` looks for it. Nothing else should run meanwhile.
 *
 *     node bench/right-work.mjs
 */
import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { batchEngine } from '../dist/batch/batch-engine.js';
import { initialParameters, loadData, manualSeed, problemOf } from '../dist/index.js';
import { startAnswering } from '../dist/practice/answerer/answerer.js';
import { transform } from '../dist/practice/transform.js';

const folder = new URL('../test/practice/suite/right/', import.meta.url);
const problem = problemOf(await loadData({ dataset: 'mnist', oneHotLabels: true, normalize: true, log() {} }));
manualSeed(0);
const parameters = initialParameters({ inputs: 784, hidden: 50, classes: 10 }, 0.01);
const now = performance.now.bind(performance); // a learner's code has no clock

const compile = (body, parameters) => new Function(...parameters, body);
const times = [];
for (const name of readdirSync(folder).sort()) {
  const program = transform({ 'mine.ts': readFileSync(new URL(name, folder), 'utf8') });
  const answerer = startAnswering(program, { compile, milliseconds: 10_000 });
  const worked = await answerer.work(async functions => {
    let why;
    const engine = batchEngine(problem, parameters, functions, { onSampleBySample: reason => (why ??= reason) });
    const step = async () => {
      const start = now();
      await engine.step(1e-4);
      await engine.testErrors();
      return now() - start;
    };
    for (let i = 0; i < 20 && why === undefined; i++) await step();
    if (why !== undefined) return { says: `${why.operation} ${why.says}` };
    const all = [];
    for (let i = 0; i < 25; i++) all.push(await step());
    return { ms: all.sort((a, b) => a - b)[12] };
  });
  times.push({ name, ...worked.value });
}

times.sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0));
for (const { name, ms, says } of times) console.log(`${ms?.toFixed(1).padStart(5) ?? '    –'} ${name} ${says ?? ''}`);
