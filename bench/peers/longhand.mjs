/** Longhand's engines, in a process as the command has it: `node longhand.mjs FOLDER THREADS [sample]`. */
import { joinVectors } from '../../dist/cli/join-vectors.js';
import { sampleEngine, wasmEngine } from '../../dist/index.js';
import { Tensor } from '../../dist/tensor/index.js';
import { serve } from './peer.mjs';

joinVectors();
serve(async (work, threads) => {
  const { N, M, D, H, C, eta } = work;
  const tensor = (name, ...shape) => new Tensor(work[name], shape, 'float32');
  const problem = {
    trainInput: tensor('trainInput', N, D),
    trainTarget: tensor('trainTarget', N, C),
    testInput: tensor('testInput', M, D),
    testTarget: tensor('testTarget', M, C),
    errorBelow: 0.5,
  };
  const parameters = { w1: tensor('w1', H, D), b1: tensor('b1', H), w2: tensor('w2', C, H), b2: tensor('b2', C) };
  const engine =
    process.argv[4] === 'sample'
      ? sampleEngine(problem, parameters)
      : await wasmEngine(problem, parameters, { threads });
  return async () => {
    const { loss, errors } = await engine.step(eta);
    return [loss, errors, await engine.testErrors()];
  };
});
