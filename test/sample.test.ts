import { expect, test } from 'vitest';
import { initialParameters, manualSeed, type Practical, sampleEngine, type Tensor, train } from '../src/index.ts';
import * as ours from '../src/practical.ts';
import { madeProblem } from './golden/made-data.ts';

// The reference with six functions that are not ours.

const { forwardPass } = ours;

function start(epsilon: number) {
  manualSeed(0);
  return initialParameters({ inputs: 64, hidden: 20, classes: 10 }, epsilon);
}

test('a tensor that a learner’s function keeps from one call to the next is not written over', async () => {
  const kept: { tensor: Tensor; copy: readonly number[] }[] = [];
  const keep = (tensor: Tensor) => kept.push({ tensor, copy: [...tensor.elements()] });
  const functions: Practical = {
    ...ours,
    forwardPass: (...args) => {
      const layers = forwardPass(...args);
      for (const layer of layers.slice(1)) keep(layer as unknown as Tensor);
      return layers;
    },
    loss: (v, t) => {
      const loss = ours.loss(v, t);
      keep(loss as unknown as Tensor);
      return loss;
    },
  };
  const engine = sampleEngine(madeProblem(), start(0.3), functions);
  await engine.step(0.001);
  await engine.testErrors();
  await engine.responses('train');
  expect(kept.length).toBeGreaterThan(1000);
  for (const { tensor, copy } of kept) expect([...tensor.elements()]).toEqual(copy);
});

/** Somebody's own network: rectified linear hidden units, and answers that are not squeezed. */
const drelu: Practical['dsigma'] = x => x.gt(0).float();
const relu: Practical['sigma'] = x => x.mul(drelu(x));
const rectified: Practical = {
  sigma: relu,
  dsigma: drelu,
  loss: ours.loss,
  dloss: ours.dloss,
  forwardPass(w1, b1, w2, b2, x) {
    const s1 = w1.mv(x).add(b1);
    const x1 = relu(s1);
    const s2 = w2.mv(x1).add(b2);
    return [x, s1, x1, s2, s2];
  },
  backwardPass(_w1, _b1, w2, _b2, t, x, s1, x1, _s2, x2, dlDw1, dlDb1, dlDw2, dlDb2) {
    const dlDs2 = ours.dloss(x2, t);
    const dlDs1 = w2.t().mv(dlDs2).mul(drelu(s1));
    dlDw2.add_(dlDs2.outer(x1));
    dlDb2.add_(dlDs2);
    dlDw1.add_(dlDs1.outer(x));
    dlDb1.add_(dlDs1);
  },
};

test('another network is trained on its own functions', async () => {
  const losses: number[] = [];
  const engine = sampleEngine(madeProblem(), start(0.1), rectified);
  for await (const { trainLoss } of train(engine, { steps: 60, eta: 0.02 })) losses.push(trainLoss);
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 2.5);

  // and it is that network: the slope of its own loss, by a small step along one weight
  const at = await engine.parameters();
  const { w2 } = await sumsAt(at);
  const h = 1e-3;
  const nudged = { ...at, w2: at.w2.clone() };
  nudged.w2.elements()[37]! += h;
  const slope = ((await lossAt(nudged)) - (await lossAt(at))) / h;
  expect(slope).toBeCloseTo(w2.elements()[37]!, 1);

  async function sumsAt(parameters: typeof at) {
    const one = sampleEngine(madeProblem(), parameters, rectified);
    await one.step(0);
    return one.gradients();
  }
  async function lossAt(parameters: typeof at) {
    return (await sampleEngine(madeProblem(), parameters, rectified).step(0)).loss;
  }
});

test('without other functions it is ours that are trained on', async () => {
  const [given, unasked] = [
    sampleEngine(madeProblem(), start(0.1), { ...ours }),
    sampleEngine(madeProblem(), start(0.1)),
  ];
  expect(await given.step(0.001)).toEqual(await unasked.step(0.001));
  expect((await given.parameters()).w1.tolist()).toEqual((await unasked.parameters()).w1.tolist());
});
