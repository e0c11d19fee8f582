import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { arithmeticOf } from '../lab/sample/arithmetic.ts';
import { alike, figure, plain, scaleOf } from '../lab/sample/figures.ts';
import { linesOf, stepLineOf } from '../lab/sample/lines.ts';
import { order, values } from '../lab/sample/values.ts';
import { type Code, wayOf } from '../lab/sample/way.ts';
import { chainOf, type Parameter, twoPointsOf } from '../lab/sample/weight.ts';
import type { Numbers } from '../lab/training/protocol.ts';
import { Session } from '../lab/training/session.ts';
import { loadData, type OneHotData, type Parameters } from '../src/index.ts';
import * as functions from '../src/practical.ts';
import { defaults, type Settings } from '../src/settings/table.ts';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const sources = { 'src/practical.ts': read('src/practical.ts'), 'src/problem.ts': read('src/problem.ts') };
const code: Code = { functions, lines: linesOf(sources) };

const data = (await loadData({
  ...{ dataset: 'drawn', tiny: true, oneHotLabels: true, normalize: true, log: () => {} },
})) as OneHotData;
const settings: Settings = { ...defaults, dataset: 'drawn', size: 'tiny', hidden: 5 };

/** A training that has come so far, its numbers, and its samples as the page is given them. */
async function trained(chosen: Partial<Settings>, steps: number) {
  const session = await Session.begin({ ...settings, ...chosen }, data, 1);
  await session.goTo(steps);
  const { engine, problem } = session.training;
  const network = numbersOf(await engine.parameters());
  const given = (n: number) => ({
    x: problem.trainInput.select(0, n).elements() as Float32Array,
    target: problem.trainTarget.select(0, n).elements() as Float32Array,
  });
  return { session, network, given, count: engine.trainCount };
}

function numbersOf(parameters: Parameters): Numbers {
  const { w1, b1, w2, b2 } = parameters;
  const copy = (numbers: ArrayLike<number>) => Float32Array.from(numbers);
  return { w1: copy(w1.elements()), b1: copy(b1.elements()), w2: copy(w2.elements()), b2: copy(b2.elements()) };
}

test('one sample after the other adds up to what the next step takes', async () => {
  for (const seed of [0, 1, 2]) {
    const { session, network, given, count } = await trained(
      { seed, targets: seed === 2 ? 'pm1' : '01' },
      30 + 20 * seed,
    );
    const sums: Record<Parameter, Float64Array> = {
      w1: new Float64Array(network.w1.length),
      b1: new Float64Array(network.b1.length),
      w2: new Float64Array(network.w2.length),
      b2: new Float64Array(network.b2.length),
    };
    const sizes = { w1: 0, b1: 0, w2: 0, b2: 0 };
    for (let n = 0; n < count; n++) {
      const way = wayOf(code, network, given(n))!;
      for (const parameter of Object.keys(sums) as Parameter[]) {
        const { numbers } = way[`dl_d${parameter}`];
        const sum = sums[parameter];
        for (let i = 0; i < sum.length; i++) {
          sum[i]! += numbers[i]!;
          sizes[parameter] = Math.max(sizes[parameter], Math.abs(numbers[i]!));
        }
      }
    }
    const { gradients, after } = await session.lookAhead();
    const [taken, afterwards] = [numbersOf(gradients), numbersOf(after)];
    for (const parameter of Object.keys(sums) as Parameter[]) {
      // float32 rounds each of the N terms, and each of the sums on the way to them
      const tolerance = count * 2 ** -22 * sizes[parameter];
      const differences = Array.from(sums[parameter], (sum, i) => Math.abs(sum - taken[parameter][i]!));
      expect(Math.max(...differences)).toBeLessThan(tolerance);
      // and the step is η/N times that sum
      const share = Math.fround(settings.eta / count);
      const moved = network[parameter].map((before, i) => before - Math.fround(share * taken[parameter][i]!));
      expect(afterwards[parameter]).toEqual(moved);
    }
    await session.dispose();
  }
});

test('the values are those of the six functions, bit for bit', async () => {
  const { session, network, given } = await trained({ seed: 3 }, 60);
  const way = wayOf(code, network, given(11))!;
  const { w1, b1, w2, b2 } = await session.training.engine.parameters();
  const { trainInput, trainTarget } = session.training.problem;
  const [x, t] = [trainInput.select(0, 11), trainTarget.select(0, 11)];
  const [x0, s1, x1, s2, x2] = functions.forwardPass(w1, b1, w2, b2, x);
  const dlDx2 = functions.dloss(x2, t);
  const dlDs2 = dlDx2.mul(functions.dsigma(s2));
  const dlDx1 = w2.t().mv(dlDs2);
  const dlDs1 = dlDx1.mul(functions.dsigma(s1));
  const wanted = {
    ...{ x0, s1, x1, s2, x2, t, loss: functions.loss(x2, t), dl_dx2: dlDx2, dl_ds2: dlDs2, dl_dx1: dlDx1 },
    ...{ dl_ds1: dlDs1, dl_dw2: dlDs2.outer(x1), dl_db2: dlDs2, dl_dw1: dlDs1.outer(x), dl_db1: dlDs1 },
  };
  for (const name of order) {
    expect([name, [...way[name].shape]]).toEqual([name, [...wanted[name].shape]]);
    expect([name, Array.from(way[name].numbers)]).toEqual([name, Array.from(wanted[name].elements(), n => n + 0)]);
  }
  await session.dispose();
});

test('a network and a sample that do not fit each other have no way', () => {
  const network = {
    w1: new Float32Array(6),
    b1: new Float32Array(2),
    w2: new Float32Array(4),
    b2: new Float32Array(2),
  };
  expect(wayOf(code, network, { x: new Float32Array(3), target: new Float32Array(2) })).toBeDefined();
  expect(wayOf(code, network, { x: new Float32Array(4), target: new Float32Array(2) })).toBeUndefined();
  expect(wayOf(code, network, { x: new Float32Array(3), target: new Float32Array(3) })).toBeUndefined();
});

test('every value has its line, and the line makes it', () => {
  const texts = Object.fromEntries(Object.entries(code.lines).map(([name, lines]) => [name, lines.map(l => l.text)]));
  expect(texts).toMatchObject({
    x0: ['const x0 = x;'],
    s1: ['const s1 = w1.mv(x0).add(b1);'],
    x1: ['const x1 = sigma(s1);', "export const sigma: Practical['sigma'] = x => tanh(x);"],
    s2: ['const s2 = w2.mv(x1).add(b2);'],
    x2: ['const x2 = sigma(s2);', "export const sigma: Practical['sigma'] = x => tanh(x);"],
    loss: ["export const loss: Practical['loss'] = (v, t) => sub(t, v).pow(2).sum();"],
    dl_dx2: ['const dlDx2 = dloss(x2, t);', "export const dloss: Practical['dloss'] = (v, t) => sub(v, t).mul(2);"],
    dl_dw2: ['dlDw2.add_(dlDs2.outer(x1));'],
    dl_db2: ['dlDb2.add_(dlDs2);'],
    dl_dw1: ['dlDw1.add_(dlDs1.outer(x));'],
    dl_db1: ['dlDb1.add_(dlDs1);'],
  });
  for (const [name, lines] of Object.entries(code.lines)) {
    expect([name, lines.length]).not.toEqual([name, 0]);
    for (const { file, line, text } of lines)
      expect(sources[file as keyof typeof sources].split('\n')[line - 1]!.trim()).toBe(text);
  }
  expect(stepLineOf('w1', { engine: read('src/engine/sample.ts') })?.text).toBe('w1.sub_(dlDw1.mul(eta));');
});

test('of another’s file the lines are found by the practical’s names, in Python’s case too', () => {
  const source = ['export function loss(v, t) {', '  const dl_dx2 = dloss(x2, t);', '  dl_dw1 += a;'].join('\n');
  const lines = linesOf({ 'mine.ts': source });
  expect(lines.loss).toEqual([{ file: 'mine.ts', line: 1, text: 'export function loss(v, t) {' }]);
  expect(lines.dl_dx2).toEqual([{ file: 'mine.ts', line: 2, text: 'const dl_dx2 = dloss(x2, t);' }]);
  expect(lines.dl_dw1).toEqual([{ file: 'mine.ts', line: 3, text: 'dl_dw1 += a;' }]);
  expect(lines.s1).toEqual([]);
});

test('the terms of an entry add up to it, and the factors of a gradient multiply to it', async () => {
  const { session, network, given } = await trained({ seed: 1 }, 80);
  const sample = given(5);
  const way = wayOf(code, network, sample)!;
  const pixels = { pixels: new Uint8Array(784), normalisation: data.normalisation };
  const cursors = [
    { unit: 0, class: 0, pixel: 0 },
    { unit: 4, class: 9, pixel: 783 },
    { unit: 3, class: 4, pixel: 406 },
  ];
  for (const cursor of cursors) {
    for (const name of order) {
      const { entry, terms, rest, total, lines } = arithmeticOf(name, way, network, cursor, pixels);
      expect(entry).toContain(values[name].symbol.split('_')[0]);
      expect(lines.length).toBeGreaterThan(0);
      if (terms.length === 0) continue;
      const sum = terms.reduce((sum, { value }) => sum + value, rest?.sum ?? 0);
      const size = terms.reduce((sum, { value }) => sum + Math.abs(value), 0);
      expect([name, Math.abs(sum - total) < 1e-5 * size]).toEqual([name, true]);
      if (name === 's1') expect(terms.length + rest!.count).toBe(784 + 1);
      if (name === 's2') expect(terms.length).toBe(5 + 1);
    }
    const places: Record<Parameter, number> = {
      w1: 784 * cursor.unit + cursor.pixel,
      b1: cursor.unit,
      w2: 5 * cursor.class + cursor.unit,
      b2: cursor.class,
    };
    for (const parameter of ['w1', 'b1', 'w2', 'b2'] as const) {
      const { product, ways } = chainOf(parameter, way, network, cursor);
      const gradient = way[`dl_d${parameter}`].numbers[places[parameter]]!;
      expect(Math.abs(product - gradient)).toBeLessThanOrEqual(1e-6 * Math.abs(gradient));
      if (parameter === 'w1' || parameter === 'b1') {
        const sum = ways.reduce((sum, { product }) => sum + product, 0);
        const size = ways.reduce((sum, { product }) => sum + Math.abs(product), 0);
        expect(ways).toHaveLength(10);
        expect(Math.abs(sum - way.dl_dx1.numbers[cursor.unit]!)).toBeLessThan(1e-6 * size);
      }
      const points = twoPointsOf(code, network, sample, { parameter, place: places[parameter] });
      expect(Math.abs(points.slope - points.derivative)).toBeLessThan(1e-8 + 1e-6 * Math.abs(points.derivative));
      expect(Math.abs(points.derivative - gradient)).toBeLessThan(1e-4 * Math.abs(gradient) + 1e-6);
    }
  }
  await session.dispose();
});

test('numbers are printed so that they can be read, and added up', () => {
  expect([0, -0, 1.23456, -0.0123456, 1234.5, -2.5e-7, NaN, -Infinity].map(n => figure(n))).toEqual([
    ...['0', '0', '1.235', '−0.01235', '1235', '−2.500·10⁻⁷', 'NaN', '−∞'],
  ]);
  expect([0.8999999761581421, -0.8999999761581421, 1000].map(plain)).toEqual(['0.9', '−0.9', '1000']);
  const inFigures = alike(0.001198);
  expect([-0.000668847, 0.001198, 0.00052959, -1e-9, NaN].map(inFigures)).toEqual([
    ...['−0.000669', '0.001198', '0.000530', '0.000000', 'NaN'],
  ]);
  expect(alike(3e-12)(1e-6)).toBe('1.000·10⁻⁶');
  expect([[0.3, -0.07], [-4e-6], [2], [], [NaN, 0.9]].map(numbers => scaleOf(numbers))).toEqual([0.5, 5e-6, 2, 1, 1]);
});
