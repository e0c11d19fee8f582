/**
 * Compiles the kernels into src/engine/kernels.generated.ts, a module that carries them as base64, so that neither Node
 * nor a bundler has a file to find; beside them what JavaScript must know of the memory's plan, read from plan.ts. Does
 * nothing while the sources are the ones that were compiled last.
 *
 * WebAssembly that imports shared memory and WebAssembly that imports memory of one thread differ in one bit. Both
 * are compiled, the place of the bit is found, and one of them is kept.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const output = fileURLToPath(new URL('../src/engine/kernels.generated.ts', import.meta.url));

const hash = createHash('sha256');
for (const name of readdirSync(here).sort()) {
  if (/\.(ts|mjs)$/.test(name)) hash.update(name).update(readFileSync(here + name));
}
const stamp = `// ${hash.digest('hex')}\n`;
if (existsSync(output) && readFileSync(output, 'utf8').startsWith(stamp)) process.exit();

const planSource = readFileSync(`${here}plan.ts`, 'utf8');
const constants = [...planSource.matchAll(/^export const ([A-Z_]+): \w+ = (\d+);/gm)].map(([, name, value]) => [
  name,
  Number(value),
]);
const { CONSTANTS_AT, PLAN_AT } = Object.fromEntries(constants);

/** The fields of a class in plan.ts and their types, as the source of an object. */
function wordsOf(className) {
  const [, body] = new RegExp(`^export class ${className} {\n([^}]*)^}`, 'm').exec(planSource);
  return [...body.matchAll(/^ {2}(\w+): ([uf]32);/gm)].map(([, name, type]) => `${name}: '${type}'`);
}
const planWords = wordsOf('Plan');
if (PLAN_AT + 4 * planWords.length > CONSTANTS_AT) throw new Error("the plan runs into the compiler's constants");

const { default: asc } = await import('assemblyscript/asc');

/** @returns {Promise<Uint8Array>} the compiled kernels */
async function compile(...options) {
  const files = new Map();
  const { error, stderr } = await asc.main(
    ['index.ts', '--baseDir', here, '--outFile', 'kernels.wasm', '-O3', '--runtime', 'stub', '--noAssert']
      .concat(['--importMemory', '--maximumMemory', '65536', '--memoryBase', String(CONSTANTS_AT)])
      .concat(['--enable', 'simd', '--enable', 'threads', '--disableWarning', '201'], options),
    { writeFile: (name, contents) => void files.set(name, contents) },
  );
  if (error) throw new Error(`asc: ${error.message}\n${stderr.toString()}`);
  return files.get('kernels.wasm');
}

const shared = await compile('--sharedMemory');
const single = await compile();
const differences = [...shared.keys()].filter(i => shared[i] !== single[i]);
if (shared.length !== single.length || differences.length !== 1)
  throw new Error('the kernels differ in more than a bit');

writeFileSync(
  output,
  `${stamp}
/** The kernels, compiled for shared memory, in base64. Made by kernels/build.mjs from kernels/*.ts. */
export const kernels: string =
  '${Buffer.from(shared).toString('base64')}';
/** Where the byte lies that says whether the memory is shared. */
export const sharingAt: number = ${differences[0]};
/** That byte for the memory of one thread. */
export const notShared: number = ${single[differences[0]]};

// From kernels/plan.ts, where it is said what they are: numbers, and the words of two classes in their order.
${constants.map(([name, value]) => `export const ${name}: number = ${value};`).join('\n')}
export const planWords = { ${planWords.join(', ')} } as const;
export const dataSetWords = { ${wordsOf('DataSet').join(', ')} } as const;
`,
);
