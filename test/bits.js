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
  const trained = (engine, steps) => {
    for (const _ of longhand.train(engine, { steps }));
    const { w1 } = engine.parameters();
    engine.dispose();
    return checksum(w1.elements());
  };

  return {
    'normal values': checksum(normal.elements()),
    functions: checksum(functions.elements()),
    'drawn digits': checksum(longhand.drawnDigits({ count: 200 }).images),
    'a training, sample by sample': trained(longhand.sampleEngine(problem, start), 3),
    'a training by the kernels, 1 thread': trained(await longhand.wasmEngine(problem, start, { threads: 1 }), 50),
    'a training by the kernels, 2 threads': trained(await longhand.wasmEngine(problem, start, { threads: 2 }), 50),
    'a training by the kernels, 3 threads': trained(await longhand.wasmEngine(problem, start, { threads: 3 }), 50),
  };
}

/** FNV-1a over the bytes. @param {ArrayBufferView} array */
function checksum(array) {
  let h = 0x811c9dc5;
  for (const byte of new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}
