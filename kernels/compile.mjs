import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

/**
 * Compiles the kernels for shared memory.
 *
 * @param {object} how
 * @param {boolean} how.separated whether with the separators of gather.ts
 * @param {number} how.memoryBase where constants lie in memory
 * @param {boolean} [how.named] whether the functions keep their names, for those who look at the machine code
 * @returns {Promise<Uint8Array>} WebAssembly
 */
export async function compileKernels({ separated, memoryBase, named = false }) {
  const files = new Map();
  const { error, stderr } = await asc.main(
    ['index.ts', '--baseDir', fileURLToPath(new URL('.', import.meta.url)), '--outFile', 'kernels.wasm', '-O3']
      .concat(['--runtime', 'stub', '--noAssert', '--importMemory', '--sharedMemory', '--maximumMemory', '65536'])
      .concat(['--memoryBase', String(memoryBase), '--enable', 'simd', '--enable', 'threads'])
      .concat(['--disableWarning', '201', '--use', `SEPARATED=${Number(separated)}`, ...(named ? ['--debug'] : [])]),
    { writeFile: (name, contents) => void files.set(name, contents) },
  );
  if (error) throw new Error(`asc: ${error.message}\n${stderr.toString()}`);
  return files.get('kernels.wasm');
}
