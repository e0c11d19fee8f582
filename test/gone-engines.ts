import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const index = new URL('../dist/index.js', import.meta.url).href;

/**
 * Makes engines of two threads, one after the other, and disposes of each after a step: the most memory that the process
 * held, in MB.
 */
export async function peakOfGoneEngines(options: {
  samples: number;
  inputs: number;
  hidden: number;
  engines: number;
}): Promise<number> {
  const script = `
    import { initialParameters, Tensor, wasmEngine } from '${index}';
    const { samples, inputs, hidden, engines } = ${JSON.stringify(options)};
    // as sparse as MNIST
    const input = count => new Tensor(
      Float32Array.from({ length: count * inputs }, (_, i) => Math.imul(i, 2654435761) >>> 0 < 2 ** 32 * 0.19 ? i % 251 : -0.42),
      [count, inputs], 'float32');
    const target = count => new Tensor(
      Float32Array.from({ length: count * 10 }, (_, i) => i % 11 === 0 ? 0.9 : 0), [count, 10], 'float32');
    const problem = { trainInput: input(samples), trainTarget: target(samples), testInput: input(samples / 6 | 0),
      testTarget: target(samples / 6 | 0), errorBelow: 0.5 };
    const parameters = initialParameters({ inputs, hidden, classes: 10 }, 0.1);
    for (let i = 0; i < engines; i++) {
      const engine = await wasmEngine(problem, parameters, { threads: 2 });
      await engine.step(0);
      await engine.dispose();
    }
    console.log(process.resourceUsage().maxRSS);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return Number(stdout) / 1000;
}
