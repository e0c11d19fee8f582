import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startThreads } from '../src/engine/threads.ts';
import { initialParameters, problemOf, ThreadError, wasmEngine } from '../src/index.ts';
import { randomCase } from './conforming.ts';
import { mnist, mnistIsHere, wantsMnist } from './mnist-here.ts';

/*
 * Two functions of the thread's number, on shared memory:
 *
 *     (func (export "work") (param i32) (if (i32.eq (local.get 0) (i32.const 1)) (then unreachable)))
 *     (func (export "mark") (param i32) (i32.store8 (i32.add (i32.const 4096) (local.get 0)) (i32.const 1)))
 */
const MODULE =
  'AGFzbQEAAAABBQFgAX8AAhABA2VudgZtZW1vcnkCAwEBAwMCAAAHDwIEd29yawAABG1hcmsAAQobAgsAIABBAUYEQAALCw0AQYAgIABqQQE6AAAL';

test('what a thread throws reaches the caller, and the threads go on, as many of them as are wanted', async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const module = await WebAssembly.compile(Uint8Array.from(atob(MODULE), character => character.charCodeAt(0)));
  const threads = await startThreads(module, memory, 4, ['work', 'mark']);
  try {
    expect(() => threads.run('work', 4)).toThrow(ThreadError);
    expect(() => threads.run('work', 4)).toThrow(/^work: a thread failed: RuntimeError: unreachable$/);
    const marks = new Uint8Array(memory.buffer, 4096, 5);
    for (const working of [4, 2, 1, 3, 3, 4]) {
      marks.fill(0);
      threads.run('mark', working);
      expect([...marks]).toEqual([1, 2, 3, 4, 5].map(thread => (thread <= working ? 1 : 0)));
    }
  } finally {
    threads.end();
  }
});

/** Some steps, then every bit of the parameters and of the last gradients. */
async function bitsAfter(
  { problem, parameters }: Pick<ReturnType<typeof randomCase>, 'problem' | 'parameters'>,
  threads: number,
  steps: number,
): Promise<unknown> {
  const engine = await wasmEngine(problem, parameters, { threads });
  try {
    const reports: number[] = [];
    for (let step = 0; step < steps; step++) {
      const { loss, errors } = await engine.step(0.1 / engine.trainCount);
      reports.push(loss, errors, await engine.testErrors());
    }
    const { w1, b1, w2, b2 } = await engine.parameters();
    const gradients = await engine.gradients();
    const tensors = [w1, b1, w2, b2, gradients.w1, gradients.b1, gradients.w2, gradients.b2];
    return [reports, tensors.map(tensor => [...new Int32Array(Float32Array.from(tensor.elements()).buffer)])];
  } finally {
    await engine.dispose();
  }
}

// several groups of units, many samples, one sample, constant inputs
for (const seed of [102, 138, 160, 233]) {
  const one = randomCase(seed);
  test(`1, 2, 3, 4 and 8 threads give the same bits: ${one.name}`, async () => {
    const expected = await bitsAfter(one, 1, 20);
    for (const threads of [2, 3, 4, 8]) expect(await bitsAfter(one, threads, 20), `${threads}`).toEqual(expected);
  });
}

test.skipIf(!mnistIsHere)(`1, 2, 3, 4 and 8 threads give the same bits on MNIST${wantsMnist}`, async () => {
  const problem = problemOf(await mnist());
  const parameters = initialParameters({ inputs: 784, hidden: 50, classes: 10 }, 0.1);
  const expected = await bitsAfter({ problem, parameters }, 1, 20);
  for (const threads of [2, 3, 4, 8]) {
    expect(await bitsAfter({ problem, parameters }, threads, 20), `${threads}`).toEqual(expected);
  }
});

test('an engine that was not disposed of does not keep the process alive', async () => {
  const index = new URL('../dist/index.js', import.meta.url).href;
  const script = `
    import { initialParameters, tensor, wasmEngine } from '${index}';
    const problem = { trainInput: tensor([[1, 2]]), trainTarget: tensor([[0.9]]), errorBelow: 0.5,
      testInput: tensor([[1, 2]]), testTarget: tensor([[0.9]]) };
    const engine = await wasmEngine(problem, initialParameters({ inputs: 2, hidden: 3, classes: 1 }), { threads: 4 });
    console.log((await engine.step(0.1)).errors);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 100_000,
  });
  expect(stdout).toBe('0\n');
});

test('an engine that was disposed of says so', async () => {
  const { problem, parameters } = randomCase(1);
  const engine = await wasmEngine(problem, parameters, { threads: 2 });
  await engine.dispose();
  await engine.dispose();
  await expect(engine.step(0.1)).rejects.toThrow('disposed of');
});

test('1,000 steps leave memory as it was', async () => {
  const { problem, parameters } = randomCase(7);
  const engine = await wasmEngine(problem, parameters, { threads: 2 });
  const before = process.memoryUsage().rss;
  for (let step = 0; step < 1000; step++) {
    await engine.step(0);
    await engine.testErrors();
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(20e6);
  await engine.dispose();
});

test('sizes that do not fit are refused in one line', async () => {
  const { problem, parameters } = randomCase(7);
  const other = randomCase(8);
  await expect(wasmEngine(problem, { ...parameters, b2: other.parameters.b2 })).rejects.toThrow(/^wasmEngine: /);
  await expect(wasmEngine(problem, parameters, { threads: 0 })).rejects.toThrow('whole number from 1 on');
});
