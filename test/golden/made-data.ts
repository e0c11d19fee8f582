import { empty, Generator, type Problem, type Tensor, tensor } from '../../src/index.ts';
import { convertToOneHotLabels } from '../../src/prologue/index.ts';

/**
 * 200 training and 100 test points of 64 numbers around ten prototypes. make_pytorch.py makes the same ones to the bit,
 * from PyTorch's uniform numbers, so that PyTorch's log on them is known without any file of images.
 */
export function madeProblem(): Problem {
  const generator = new Generator(5);
  const prototypes = empty(10, 64).uniform_(0, 1, generator);
  const noise = empty(300, 64).uniform_(0, 1, generator);
  const labels = tensor(Array.from({ length: 300 }, (_, i) => i % 10)).long() as Tensor<[number]>;
  const points = prototypes.indexSelect(0, labels).sub(0.5).mul(2).add(noise.sub(0.5).mul(2)) as Tensor<[number, 64]>;
  const targets = convertToOneHotLabels(points, labels).mul(0.9);
  return {
    trainInput: points.narrow(0, 0, 200),
    trainTarget: targets.narrow(0, 0, 200),
    testInput: points.narrow(0, 200, 100),
    testTarget: targets.narrow(0, 200, 100),
    errorBelow: 0.5,
  };
}
