/**
 * What Node and a browser must agree on to the bit, as checksums. Plain JavaScript, because both load it as it is.
 *
 * @param {typeof import('../src/index.ts')} longhand
 * @returns {Promise<Record<string, number>>}
 */
export async function bits(longhand) {
  longhand.manualSeed(0);
  const normal = longhand.randn(1000);
  const functions = normal.exp().add(normal.tanh()).add(normal.abs().log()).add(normal.abs().pow(1.7));

  const log = () => {};
  const data = await longhand.loadData({ dataset: 'drawn', tiny: true, oneHotLabels: true, normalize: true, log });
  const problem = longhand.problemOf(data);
  const start = longhand.initialParameters({ inputs: 784, hidden: 20, classes: 10 });

  /** @param {import('../src/index.ts').Engine} engine @param {number} steps */
  const trained = async (engine, steps) => {
    for await (const _ of longhand.train(engine, { steps }));
    const { w1 } = await engine.parameters();
    await engine.dispose();
    return checksum(w1.elements());
  };

  const { randn } = longhand;
  const dense = {
    trainInput: randn(100, 37),
    trainTarget: randn(100, 5),
    testInput: randn(9, 37),
    testTarget: randn(9, 5),
  };
  const denseProblem = { ...dense, errorBelow: 0.5 };
  const denseStart = longhand.initialParameters({ inputs: 37, hidden: 61, classes: 5 }, 0.3);

  /** @type {Record<string, number>} */
  const byKernels = {};
  for (const threads of [1, 2, 3, 4, 8]) {
    const engine = await longhand.wasmEngine(problem, start, { threads });
    byKernels[`a training by the kernels, ${threads} threads`] = await trained(engine, 50);
    const denseEngine = await longhand.wasmEngine(denseProblem, denseStart, { threads });
    byKernels[`a training on dense inputs, ${threads} threads`] = await trained(denseEngine, 20);
  }

  const own = longhand.problemOf({ name: 'own', inputs: normal.view(250, 4), labels: normal.view(250, 4).argmax(1) });
  const ownStart = longhand.initialParameters({ inputs: 4, hidden: 6, classes: 4 }, 0.1);
  const saved = await longhand.saveNetwork(longhand.networkOf(own, ownStart));
  const savedAgain = await longhand.saveNetwork(await longhand.loadNetwork(saved));

  return {
    'a network, saved': checksum(saved),
    'a network, saved, loaded and saved': checksum(savedAgain),
    'normal values': checksum(normal.elements()),
    functions: checksum(functions.elements()),
    'drawn digits': checksum(longhand.drawnDigits({ count: 200 }).images),
    'a training, sample by sample': await trained(longhand.sampleEngine(problem, start), 3),
    ...byKernels,
  };
}

/** FNV-1a over the bytes. @param {ArrayBufferView} array */
function checksum(array) {
  let h = 0x811c9dc5;
  for (const byte of new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}
