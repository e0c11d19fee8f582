import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  backwardPass,
  convertToOneHotLabels,
  dloss,
  dsigma,
  forwardPass,
  loss,
  mnistToPairs,
  randn,
  ShapeError,
  sigma,
  Tensor,
  tensor,
  zeros,
} from '../src/index.ts';

test('sigma is tanh, component by component', () => {
  const x = [-2, -0.5, 0, 0.5, 2];
  for (const [i, y] of sigma(tensor(x)).tolist().entries()) expect(y).toBeCloseTo(Math.tanh(x[i]!), 6);
});

test('dsigma is its derivative, 4 (e^x + e^−x)^−2 in the practical’s own form', () => {
  const x = [-2, -0.5, 0, 0.5, 2];
  for (const [i, y] of dsigma(tensor(x)).tolist().entries()) {
    expect(y).toBeCloseTo(4 / (Math.exp(x[i]!) + Math.exp(-x[i]!)) ** 2, 6);
  }
});

test('both saturate: nothing becomes NaN where e^x overflows', () => {
  const far = tensor([-Infinity, -1e30, -800, -89, 89, 800, 1e30, Infinity]);
  expect(sigma(far).tolist()).toEqual([-1, -1, -1, -1, 1, 1, 1, 1]);
  expect(dsigma(far).tolist()).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(sigma(tensor([NaN])).item()).toBeNaN();
});

test('loss is the sum of squared differences: no mean, no half', () => {
  expect(loss(tensor([1, 2, 3]), tensor([0, 4, 3])).item()).toBe(5);
  expect(loss(tensor([1, 2, 3]), tensor([0, 4, 3])).size()).toEqual([]);
});

test('dloss is its gradient with respect to the first argument', () => {
  expect(dloss(tensor([1, 2, 3]), tensor([0, 4, 3])).tolist()).toEqual([2, -4, 0]);
});

test('forwardPass returns x0, s1, x1, s2, x2', () => {
  const w1 = tensor([
    [1, 0],
    [0, 2],
    [1, 1],
  ]);
  const [b1, w2, b2] = [tensor([0.5, 0, -1]), tensor([[1, -1, 2]]), tensor([0.25])] as const;
  const x = tensor([0.3, -0.2]);
  const [x0, s1, x1, s2, x2] = forwardPass(w1, b1, w2, b2, x);
  expect(x0).toBe(x);
  const wanted1 = [0.8, -0.4, -0.9];
  const wanted2 = Math.tanh(0.8) - Math.tanh(-0.4) + 2 * Math.tanh(-0.9) + 0.25;
  for (const [i, s] of wanted1.entries()) {
    expect(s1.tolist()[i]).toBeCloseTo(s, 6);
    expect(x1.tolist()[i]).toBeCloseTo(Math.tanh(s), 6);
  }
  expect(s2.item()).toBeCloseTo(wanted2, 6);
  expect(x2.item()).toBeCloseTo(Math.tanh(wanted2), 6);
});

test('backwardPass adds to the four sums, returns nothing and changes nothing else', () => {
  const [w1, b1, w2, b2] = [randn(4, 6), randn(4), randn(3, 4), randn(3)] as const;
  const [x, t] = [randn(6), randn(3)] as const;
  const [x0, s1, x1, s2, x2] = forwardPass(w1, b1, w2, b2, x);
  const inputs = { w1, b1, w2, b2, t, x, s1, x1, s2, x2 };
  const before = JSON.stringify(Object.values(inputs).map(input => (input as Tensor).tolist()));
  const sums = [zeros(4, 6), zeros(4), zeros(3, 4), zeros(3)] as const;

  expect(backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, ...sums)).toBeUndefined();
  const once = sums.map(sum => (sum as Tensor).clone());
  backwardPass(w1, b1, w2, b2, t, x, s1, x1, s2, x2, ...sums);

  for (const [i, sum] of sums.entries()) {
    expect((sum as Tensor).allclose(once[i]!.mul(2))).toBe(true);
    expect(once[i]!.abs().max().item()).toBeGreaterThan(0);
  }
  expect(JSON.stringify(Object.values(inputs).map(input => (input as Tensor).tolist()))).toBe(before);
  expect(x0).toBe(x);
});

test('sigma, dsigma, loss and dloss leave their arguments alone and share no storage with them', () => {
  const [v, t] = [tensor([1, -2]), tensor([0.5, 3])] as const;
  for (const made of [sigma(v), dsigma(v), loss(v, t), dloss(v, t)] as Tensor[]) made.fill_(99);
  expect([v.tolist(), t.tolist()]).toEqual([
    [1, -2],
    [0.5, 3],
  ]);
});

test('the six functions hold no loop and know nothing but the tensor', () => {
  const source = readFileSync(new URL('../src/practical.ts', import.meta.url), 'utf8');
  expect(source).not.toMatch(/\b(for|while|do)\s*[({]|\.(map|forEach|reduce|elements|data)\b/);
  expect([...source.matchAll(/from '(.*)'/g)].map(match => match[1])).toEqual([
    './six-functions.ts',
    './tensor/index.ts',
  ]);
});

test('samples that do not fit the network are refused by the name of the operation', () => {
  const [w1, b1, w2, b2] = [zeros(4, 6), zeros(4), zeros(3, 4), zeros(3)] as const;
  const image = new Tensor<[number]>(new Float32Array(7), [7], 'float32'); // a length known only at run time
  expect(() => forwardPass(w1, b1, w2, b2, image as Tensor<[6]>)).toThrow('mv: the matrix is [4, 6] but v is [7]');
});

test('what is no tensor is refused by the name of the operation', () => {
  const ours = [sigma, dsigma, loss, dloss, backwardPass, mnistToPairs, convertToOneHotLabels];
  for (const one of ours) {
    const given = Array.from({ length: 14 }, (_, i) => i) as unknown as Parameters<typeof backwardPass>;
    const call = () => (one as typeof backwardPass)(...given);
    expect(call, one.name).toThrow(ShapeError);
    expect(call, one.name).toThrow(/^\w+: a number; it wants a tensor. Make one with tensor\(…\)$/);
  }
});
