/**
 * What every JavaScript must agree on to the bit, as checksums. Plain JavaScript, for they all load it as it is.
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
  const ownNetwork = longhand.networkOf(own, ownStart);

  const engine = await longhand.wasmEngine(problem, start);
  for await (const _ of longhand.train(engine, { steps: 20 }));
  const network = longhand.networkOf(problem, await engine.parameters());
  await engine.dispose();
  const saved = await longhand.saveNetwork(network);
  const loaded = await longhand.loadNetwork(saved);
  const { images } = longhand.drawnDigits({ count: 5, set: 'test' });
  const responses = [];
  for (let n = 0; n < 5; n++) {
    const pixels = images.subarray(784 * n, 784 * (n + 1));
    for (const sample of [pixels, enlarged(pixels)])
      responses.push(...(await longhand.predict(loaded, sample)).responses);
  }

  /** @type {Record<string, number>} */
  const sums = {
    'normal values': checksum(normal.elements()),
    functions: checksum(functions.elements()),
    'drawn digits': checksum(longhand.drawnDigits({ count: 200 }).images),
    'a training, sample by sample': await trained(longhand.sampleEngine(problem, start), 3),
    ...byKernels,
    'a network, trained and saved': checksum(saved),
    'a network, saved, loaded and saved': checksum(await longhand.saveNetwork(loaded)),
    'what it predicts, of pixels and of pictures': checksum(Float64Array.from(responses)),
    'a network of own data': checksum(await longhand.saveNetwork(ownNetwork)),
    'what it predicts': checksum(
      Float64Array.from((await longhand.predict(ownNetwork, normal.narrow(0, 0, 4))).responses),
    ),
  };
  return { ...sums, 'all of these': checksum(Uint32Array.from(Object.values(sums))) };
}

/**
 * A picture of a digit, three times as large, as `getImageData` would give it of a canvas.
 *
 * @param {Uint8Array} pixels
 */
function enlarged(pixels) {
  const data = new Uint8Array(4 * 84 * 84).fill(255);
  for (let p = 0; p < 84 * 84; p++) {
    const ink = pixels[28 * Math.floor(p / 84 / 3) + Math.floor((p % 84) / 3)] ?? 0;
    data.fill(255 - ink, 4 * p, 4 * p + 3);
  }
  return { width: 84, height: 84, data };
}

/** FNV-1a over the bytes. @param {ArrayBufferView} array */
function checksum(array) {
  let h = 0x811c9dc5;
  for (const byte of new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}
