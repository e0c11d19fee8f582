/**
 * Checksums of short trainings, one for each width of the kernels, on sparse inputs and on dense ones. Plain JavaScript,
 * for every Node loads it as it is.
 *
 * @param {typeof import('../src/index.ts')} longhand
 * @returns {Promise<Record<string, number>>}
 */
export async function checksums(longhand) {
  const { initialParameters, loadData, manualSeed, problemOf, randn, wasmEngine } = longhand;
  const log = () => {};
  const data = await loadData({ dataset: 'drawn', tiny: true, oneHotLabels: true, normalize: true, log });
  const sparse = problemOf(data);
  manualSeed(1);
  const [trainInput, trainTarget] = [randn(50, 37), randn(50, 10)];
  const dense = { trainInput, trainTarget, testInput: trainInput, testTarget: trainTarget, errorBelow: 0.5 };

  /** @param {import('../src/index.ts').Problem} problem @param {number} hidden */
  const trained = async (problem, hidden) => {
    manualSeed(hidden);
    const sizes = { inputs: problem.trainInput.size(1), hidden, classes: 10 };
    const engine = await wasmEngine(problem, initialParameters(sizes, 0.1), { threads: 1 });
    const numbers = [];
    for (let step = 0; step < 5; step++) numbers.push((await engine.step(1e-3)).loss, await engine.testErrors());
    const { w1, b1, w2, b2 } = await engine.parameters();
    const responses = await engine.responses('test');
    await engine.dispose();
    const all = [w1, b1, w2, b2, responses].flatMap(tensor => [...tensor.elements()]);
    const words = new Int32Array(Float64Array.from([...numbers, ...all]).buffer);
    return words.reduce((sum, word) => (Math.imul(sum, 31) + word) | 0, 0);
  };

  /** @type {Record<string, number>} */
  const found = {};
  for (let hidden = 2; hidden <= 50; hidden += 4) found[`${hidden} hidden units`] = await trained(sparse, hidden);
  for (const hidden of [10, 18, 30, 50]) found[`${hidden} hidden units, dense`] = await trained(dense, hidden);
  return found;
}
