import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  decodeCheckpoint,
  drawnDigits,
  Generator,
  initialParameters,
  LonghandError,
  loadData,
  loadNetwork,
  manualSeed,
  networkOf,
  type OwnData,
  type Practical,
  predict,
  problemOf,
  sampleEngine,
  saveNetwork,
  Tensor,
  type TrainedNetwork,
  tensor,
  train,
  wasmEngine,
} from '../src/index.ts';
import * as practical from '../src/practical.ts';
import { encodeCheckpoint } from '../src/run/checkpoint.ts';
import { madeCheckpoint, type Parts, partsOf, sealed } from './checkpoints.ts';
import { dice } from './dice.ts';
import { temporaryFolder } from './made-files.ts';
import { longhand } from './resumes.ts';

// Data of one's own, from arrays to a network that is saved, loaded and used.

const { folder, remove } = temporaryFolder();
afterAll(remove);

/** Three clouds of points in four dimensions, sorted by their class as such data often are. */
function clouds(perClass = 30): { inputs: number[][]; labels: number[] } {
  const roll = dice(3);
  const labels = Array.from({ length: 3 * perClass }, (_, n) => Math.floor(n / perClass));
  const inputs = labels.map(label => [0, 1, 2, 3].map(i => 10 + 5 * ((label >> (i % 2)) & 1) + roll(100) / 50));
  return { inputs, labels };
}

async function trained(data: OwnData, steps = 200): Promise<{ network: TrainedNetwork; testError: number }> {
  const problem = problemOf(data);
  manualSeed(0);
  const sizes = { inputs: problem.trainInput.size(1), hidden: 6, classes: problem.about.classes };
  const engine = await wasmEngine(problem, initialParameters(sizes, 0.1), { threads: 1 });
  let testError = 100;
  for await (const report of train(engine, { steps })) testError = report.testError;
  const network = networkOf(problem, await engine.parameters());
  await engine.dispose();
  return { network, testError };
}

describe('data of your own become a problem in one call', () => {
  test('and a network learns them', async () => {
    const { testError } = await trained({ name: 'clouds', ...clouds() });
    expect(testError).toBe(0);
  });

  test('a fifth is put aside to test on, of every class, and the same ones each time', () => {
    const [first, second] = [problemOf(clouds()), problemOf(clouds())];
    expect([first.trainInput.shape, first.testInput.shape]).toEqual([
      [72, 4],
      [18, 4],
    ]);
    expect(first.testInput.tolist()).toEqual(second.testInput.tolist());
    const perClass = first.testTarget.sum(0).tolist() as number[];
    for (const count of perClass) expect(count).toBeGreaterThan(0);
    const all = [...first.trainInput.tolist(), ...first.testInput.tolist()].map(String);
    expect(new Set(all).size).toBe(new Set(clouds().inputs.map(String)).size);
  });

  test('the random numbers of the training are not touched by it', () => {
    manualSeed(1);
    const before = initialParameters({ inputs: 2, hidden: 2, classes: 2 }).w1.tolist();
    manualSeed(1);
    problemOf(clouds());
    expect(initialParameters({ inputs: 2, hidden: 2, classes: 2 }).w1.tolist()).toEqual(before);
  });

  test('test samples of their own, tensors, more classes than are met, inputs as they are', () => {
    const problem = problemOf({
      ...{ inputs: new Tensor(Float32Array.of(1, 2, 3, 4), [2, 2], 'float32'), labels: Uint8Array.of(1, 0) },
      ...{ test: { inputs: [[5, 6]], labels: [2] }, classes: 5, normalize: false },
    });
    expect(problem.testInput.tolist()).toEqual([[5, 6]]);
    expect(problem.trainTarget.tolist().map(row => row.map(x => (x > 0 ? 1 : 0)))).toEqual([
      [0, 1, 0, 0, 0],
      [1, 0, 0, 0, 0],
    ]);
    expect(problem.about).toMatchObject({ classes: 5, inputShape: [1, 1, 2], normalisation: { mean: 0, std: 1 } });
  });

  test('images keep their shape, and are normalised as loadData does it', async () => {
    const load = { dataset: 'drawn', tiny: true, log: () => {} } as const;
    const raw = await loadData({ ...load, flatten: false });
    const ready = await loadData({ ...load, oneHotLabels: true, normalize: true });
    const problem = problemOf({
      ...{ name: 'my digits', inputs: raw.trainInput, labels: raw.trainTarget },
      test: { inputs: raw.testInput, labels: raw.testTarget },
    });
    expect(problem.about.inputShape).toEqual([1, 28, 28]);
    expect(problem.about.normalisation.mean).toBeCloseTo(ready.mean, 9);
    expect(problem.about.normalisation.std).toBeCloseTo(ready.std, 9);
    expect(problem.trainInput.tolist()).toEqual(ready.trainInput.tolist());
    expect(problem.testTarget.tolist()).toEqual(problemOf(ready).testTarget.tolist());
  });

  const { inputs, labels } = clouds();
  test.each([
    [
      { inputs, labels: labels.slice(1) },
      'inputs is [90, 4] and its labels are [89]; it wants a label for each sample',
    ],
    [{ inputs: labels, labels }, 'inputs is [90]; it wants [N, D], [N, rows, columns] or'],
    [
      {
        inputs: [
          [1, Number.NaN],
          [2, 3],
        ],
        labels: [0, 1],
      },
      'inputs holds NaN in sample 0; it wants finite numbers',
    ],
    [
      { inputs, labels: labels.map(label => label - 1) },
      'the label of sample 0 is -1; it wants a whole number from 0 to 999',
    ],
    [{ inputs, labels: labels.map(label => label / 2) }, 'the label of sample 30 is 0.5'],
    [
      {
        inputs: [
          [5, 5],
          [5, 5],
        ],
        labels: [0, 1],
      },
      'every training input is 5; from such nothing can be told apart',
    ],
    [{ inputs, labels, test: 1.5 }, 'test is 1.5; it wants samples of their own, or a share between 0 and 1'],
    [{ inputs: [[1, 2]], labels: [0] }, 'there is one sample, and none to test on'],
    [
      { inputs, labels, test: { inputs: [[1, 2]], labels: [0] } },
      'a test input is [2]; as the training inputs it wants [4]',
    ],
    [{ inputs, labels, classes: 2 }, 'classes is 2 and the largest label 2; it wants a whole number from 3 to 1000'],
    [{ inputs: [[1, 2], [3]], labels: [0, 1] }, 'rows of length 2, then one of length 1'],
    [{ inputs, labels, name: 'mnist' }, 'name is "mnist", which is a data set of Longhand\'s; it wants another'],
  ] as [OwnData, string][])('%#: what is wrong is said', (data, why) => {
    expect(() => problemOf(data)).toThrow(LonghandError);
    expect(() => problemOf(data)).toThrow(why);
  });
});

describe('a network that is saved', () => {
  const contents = ({ parameters, ...rest }: TrainedNetwork) => ({
    ...rest,
    parameters: Object.entries(parameters).map(([name, t]) => [name, t.shape, [...t.elements()]]),
  });

  test('is loaded as it was, and says what it was trained on', async () => {
    const { network } = await trained({ name: 'Wölkchen "A"', ...clouds() }, 5);
    const loaded = await loadNetwork(await saveNetwork(network));
    expect(contents(loaded)).toEqual(contents({ ...network, settings: { ...network.settings, hidden: 6 } }));
    expect(loaded.settings).toEqual({ dataset: 'Wölkchen "A"', hidden: 6, zeta: 0.9, targets: '01' });
    expect((await loadNetwork(await saveNetwork({ ...network, step: 5 }))).step).toBe(5);
  });

  test('the command exports it and tells what is lacking where it is to go on; its own checkpoint is loaded', async () => {
    const { network } = await trained({ name: 'clouds', ...clouds() }, 5);
    const path = join(folder, 'checkpoint.safetensors');
    writeFileSync(path, await saveNetwork(network));
    const { status, stdout, stderr } = longhand('export', path, '--to', 'json', '--out', '-');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const exported = JSON.parse(stdout);
    expect(exported.trained).toEqual({ dataset: 'clouds', hidden: 6, zeta: 0.9, targets: '01' });
    expect(exported.parameters.b2.data.map(Math.fround)).toEqual([...network.parameters.b2.elements()]);
    expect(longhand('train', '--resume', folder).stderr).toContain('holds a network and not its training');

    const place = join(folder, 'run');
    longhand('train', '--dataset', 'drawn', '--tiny', '--steps', '2', '--hidden', '3', '--out', place);
    const file = readFileSync(join(place, 'checkpoint.safetensors'));
    const before = [...file];
    expect((await loadNetwork(file)).settings).toMatchObject({ dataset: 'drawn', size: 'tiny', hidden: 3 });
    expect([...file]).toEqual(before); // a Buffer's own `slice` would have shared its memory
    const copy = new Uint8Array(file).buffer;
    expect((await loadNetwork(copy)).inputShape).toEqual([1, 28, 28]);
  });

  test('a checkpoint of data of your own is of version 2, and cannot be gone on with by the command', async () => {
    const own = madeCheckpoint({ settings: { ...madeCheckpoint().settings, dataset: 'clouds' } });
    const bytes = await encodeCheckpoint(own);
    expect(partsOf(bytes).header).toContain('"version":"2"');
    expect(await encodeCheckpoint(await decodeCheckpoint(bytes))).toEqual(bytes);
    const path = join(folder, 'own.safetensors');
    writeFileSync(path, bytes);
    expect(partsOf(await encodeCheckpoint(madeCheckpoint())).header).toContain('"version":"1"');
    writeFileSync(join(folder, 'checkpoint.safetensors'), bytes);
    const { status, stderr } = longhand('train', '--resume', folder);
    expect(stderr).toMatch(/was trained on data of somebody's own, "clouds", which no option leads to/);
    expect(status).toBe(1);
  });

  test('without a name, or with weights that are none, it is refused', async () => {
    const { network } = await trained(clouds(), 1);
    expect(network.settings.dataset).toBe('own data');
    await expect(saveNetwork({ ...network, settings: { dataset: '' } })).rejects.toThrow(
      'it wants 1 to 100 characters',
    );
    network.parameters.w1.fill_(Number.NaN);
    await expect(saveNetwork(network)).rejects.toThrow('w1 holds NaN, and is not saved');
  });
});

describe('a file of a network that is none is refused', () => {
  const { inputShape, classes, normalisation, parameters } = madeCheckpoint();
  const made = () => saveNetwork({ inputShape, classes, normalisation, parameters, settings: { dataset: 'clouds' } });
  const changed = async (what: string | RegExp, by: string): Promise<string> => {
    const { header, body }: Parts = partsOf(await made());
    const other = header.replace(what, by);
    if (other === header) throw new Error(`${what} is not in the header`);
    return loadNetwork(sealed({ header: other, body })).then(
      () => 'accepted',
      error => error.message,
    );
  };

  test.each([
    ['"dataset":"clouds"', '"dataset":"clo uds"', 'its dataset is "clo uds"; a name of 1 to 100 characters'],
    ['"dataset":"clouds"', '"dataset":"%ff"', 'its dataset is "%ff"; a name'],
    ['"dataset":"clouds"', '"dataset":""', 'its dataset is ""; a name'],
    ['"dataset":"clouds",', '', 'lacks the entry dataset'],
    ['"hidden":"4"', '"hidden":"5"', 'w1 is [4, 6], where [5, 6] goes with the settings'],
    ['"hidden":"4"', '"hidden":"4","eta":"-1"', 'its eta is "-1"; a number greater than 0'],
    ['"hidden":"4"', '"hidden":"4","steps":"9"', 'holds an unknown entry "steps"'],
    ['"version":"2"', '"version":"1"', 'its dataset is "clouds"; one of mnist'],
    [/,"mean":"[^"]*"/, '', 'lacks the entry mean'],
  ])('%s → %s', async (what, by, why) => expect(await changed(what, by)).toContain(why));

  test('whatever bit of it is flipped', async () => {
    const bytes = await made();
    const flipped = (bit: number) => {
      const copy = bytes.slice();
      copy[bit >> 3]! ^= 1 << (bit & 7);
      return copy;
    };
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      await expect(loadNetwork(flipped(bit)), `bit ${bit}`).rejects.toThrow(/^the file: /);
    }
  });
});

describe('predict takes numbers of your own', () => {
  const made = clouds();

  test('as they were given to problemOf, and answers as the engine did', async () => {
    const test = { inputs: made.inputs.slice(0, 45), labels: made.labels.slice(0, 45) };
    const data = { name: 'clouds', ...made, test };
    const problem = problemOf(data);
    const engine = sampleEngine(
      problem,
      initialParameters({ inputs: 4, hidden: 6, classes: 3 }, 0.1, new Generator(2)),
    );
    for await (const _ of train(engine, { steps: 100 }));
    const network = await loadNetwork(await saveNetwork(networkOf(problem, await engine.parameters())));
    const responses = (await engine.responses('test')).tolist();
    for (const [n, row] of test.inputs.entries()) {
      const prediction = await predict(network, row);
      expect(prediction.responses).toEqual(responses[n]);
      expect(prediction.class).toBe(test.labels[n]);
      expect(prediction.pixels).toEqual(Float32Array.from(row));
      for (const same of [Float64Array.from(row), tensor(row), tensor([row]).t()])
        expect(await predict(network, same)).toEqual(prediction);
    }
  });

  test('a network through functions of your own is asked through them', async () => {
    const problem = problemOf({ ...made, normalize: false });
    const start = initialParameters({ inputs: 4, hidden: 6, classes: 3 }, 0.1, new Generator(2));
    const network = networkOf(problem, start);
    const mine: Pick<Practical, 'forwardPass'> = {
      forwardPass: (w1, b1, w2, b2, x) => {
        const [s1, x1] = [w1.mv(x).add(b1), w1.mv(x).add(b1).relu()];
        return [x, s1, x1, w2.mv(x1).add(b2), w2.mv(x1).add(b2)];
      },
    };
    const engine = sampleEngine(problem, start, { ...practical, ...mine });
    const [first] = (await engine.responses('train')).tolist();
    const { responses } = await predict(network, problem.trainInput.select(0, 0), mine);
    expect(responses).toEqual(first);
    expect((await predict(network, problem.trainInput.select(0, 0))).responses).not.toEqual(first);
  });

  test('such as begin as a JPEG does among them', async () => {
    const network = networkOf(problemOf(made), initialParameters({ inputs: 4, hidden: 2, classes: 3 }));
    expect((await predict(network, [0xff, 0xd8, 0xff, 0xd9])).pixels).toEqual(Float32Array.of(0xff, 0xd8, 0xff, 0xd9));
    const picture = { width: 9, height: 9, data: new Uint8Array(4 * 81) };
    await expect(predict(network, picture)).rejects.toThrow(/takes images of 1 × 1 × 4 \(own data\)/);
  });

  test('what they cannot be is said, with the error that says it as the cause', async () => {
    const network = networkOf(problemOf(made), initialParameters({ inputs: 4, hidden: 2, classes: 3 }));
    const error: Error = await predict(network, [1, 2, 3]).catch(error => error);
    expect(error.message).toBe('predict: the sample has 3 numbers; 4 were wanted, as the network learned from');
    expect(error.cause).toBeInstanceOf(LonghandError);
    await expect(predict(network, [1, 2, Number.NaN, 4])).rejects.toThrow(
      'number 2 is NaN; finite numbers were wanted',
    );
    await expect(predict(network, [[1, 2, 3, 4]] as never)).rejects.toThrow('the sample has 1 numbers; 4 were wanted');
    await expect(predict(network, ['1', 2, 3, 4] as never)).rejects.toThrow('number 0 is 1; finite numbers');
  });
});

test('the practical, trained through the six functions, is saved and loaded under the name of its data', async () => {
  const data = await loadData({ dataset: 'drawn', tiny: true, oneHotLabels: true, normalize: true, log: () => {} });
  const problem = problemOf(data);
  const engine = sampleEngine(problem, initialParameters({ inputs: 784, hidden: 3, classes: 10 }));
  const network = networkOf(problem, await engine.parameters());
  const loaded = await loadNetwork(await saveNetwork(network));
  const { settings, normalisation, inputShape } = loaded;
  expect(settings.dataset).toBe('drawn');
  expect({ normalisation, inputShape }).toEqual({
    normalisation: { mean: data.mean, std: data.std },
    inputShape: [1, 28, 28],
  });
  const image = drawnDigits({ count: 1 }).images;
  expect(await predict(loaded, image)).toEqual(await predict(network, image));
});

test('what docs/formats.md shows runs as it stands there', () => {
  const [, shown] = /## In TypeScript[\s\S]*?```ts\n([\s\S]*?)```/.exec(readFileSync('docs/formats.md', 'utf8'))!;
  const names = ['problemOf', 'wasmEngine', 'initialParameters', 'train', 'networkOf', 'saveNetwork', 'loadNetwork'];
  for (const name of names) expect(shown).toContain(`${name}(`);
  const program = [
    `import { ${names.join(', ')} } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url))};`,
    "import { readFileSync, writeFileSync } from 'node:fs';",
    `const { inputs, labels } = ${JSON.stringify(clouds())};`,
    shown!,
    'await engine.dispose();',
  ].join('\n');
  writeFileSync(join(folder, 'shown.mjs'), program);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['shown.mjs'], { cwd: folder, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/\n0\niris \[ 1, 1, 4 \] \{ mean: [\d.]+, std: [\d.]+ \}\n$/);
});
