/**
 * Climbs the ladder: `npm run build && node kernels/ladder/measure.mjs` prints the best time of each rung on the 1,000
 * training images of MNIST (from $PYTORCH_DATA_DIR, or wherever `train` finds them). One thread.
 */

import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { buildFor } from '../../dist/engine/compile.js';
import { v8 } from '../../dist/engine/v8.js';
import { loadData } from '../../dist/index.js';

const files = new Map();
const { error, stderr } = await asc.main(
  ['ladder.ts', '--baseDir', fileURLToPath(new URL('.', import.meta.url)), '--outFile', 'ladder.wasm', '-O3']
    .concat(['--runtime', 'stub', '--noAssert', '--importMemory', '--maximumMemory', '65536', '--memoryBase', '1024'])
    .concat(['--enable', 'simd', '--disableWarning', '201'])
    .concat(['--use', `SEPARATED=${Number(buildFor(v8()) === 'separated')}`]),
  { writeFile: (name, contents) => void files.set(name, contents) },
);
if (error) throw new Error(stderr.toString());
const memory = new WebAssembly.Memory({ initial: 512, maximum: 65536 });
const module = new WebAssembly.Module(files.get('ladder.wasm'));
const { plain, vectors, registers, split, tiled } = new WebAssembly.Instance(module, { env: { memory } }).exports;

const { trainInput } = await loadData({ normalize: true, log: () => {} });
const [N, D] = trainInput.size();
const [H, width, tile] = [50, 13, 196];
const pixels = trainInput.elements();
let top = 4096;
const place = (Type, length) => {
  const array = new Type(memory.buffer, top, length);
  top += 64 * Math.ceil(array.byteLength / 64);
  return array;
};
const x = place(Float32Array, N * D);
const w1 = place(Float32Array, H * D);
const w1t = place(Float32Array, D * 4 * width);
const s1 = place(Float32Array, N * 4 * width);
const starts = place(Uint32Array, N * (D / tile) + 1);
const places = place(Uint32Array, 2 * N * D); // an entry is a place in the tile, in bytes, and a value
const values = new Float32Array(memory.buffer, places.byteOffset, 2 * N * D);
x.set(pixels);
for (let h = 0; h < H; h++) {
  for (let i = 0; i < D; i++) w1[h * D + i] = w1t[i * 4 * width + h] = (((h * D + i) * 7919) % 1000) / 1000 - 0.5;
}
const background = pixels[0]; // a corner is black
const tiles = D / tile;
let entries = 0;
for (let t = 0; t < tiles; t++) {
  for (let n = 0; n < N; n++) {
    starts[t * N + n] = places.byteOffset + 8 * entries;
    for (let i = 0; i < tile; i++) {
      const value = pixels[n * D + t * tile + i];
      if (value === background) continue;
      places[2 * entries] = i * 16 * width;
      values[2 * entries++ + 1] = value - background;
    }
  }
}
starts[tiles * N] = places.byteOffset + 8 * entries;

const at = array => array.byteOffset;
const sparse = [at(starts), N, tiles, tile * 16 * width, at(w1t), width, at(s1)];
const rungs = {
  plain: () => plain(at(x), N, D, at(w1), H, at(s1)),
  vectors: () => vectors(at(x), N, D, at(w1t), width, at(s1)),
  registers: () => registers(at(x), N, D, at(w1t), width, at(s1)),
  split: () => split(...sparse),
  tiled: () => tiled(...sparse),
};
// round after round, so that a busy machine disturbs all rungs alike
const best = Object.fromEntries(Object.keys(rungs).map(name => [name, Infinity]));
for (let round = 0; round < 60; round++) {
  for (const [name, run] of Object.entries(rungs)) {
    for (let i = 0; i < (name === 'plain' ? 1 : 5); i++) {
      const start = performance.now();
      run();
      best[name] = Math.min(best[name], performance.now() - start);
    }
  }
}
console.log(`${N} images, ${entries} of ${N * D} inputs differ from the background; milliseconds for the first layer`);
for (const [name, time] of Object.entries(best)) console.log(name.padEnd(12), time.toFixed(2));
