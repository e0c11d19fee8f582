/**
 * Compiles the kernels into modules of src/engine that carry them as base64, so that neither Node nor a bundler has a file
 * to find: separated.generated.ts, with the separators of gather.ts, and joinable.generated.ts, without; compile.ts there
 * chooses, and nobody loads both for one. What JavaScript must know of the memory's plan, read from plan.ts, goes into
 * plan.generated.ts. Does nothing while the sources are the ones that were compiled last.
 *
 * WebAssembly that imports shared memory and WebAssembly that imports memory of one thread differ in one bit, whose place
 * is handed on.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const output = name => fileURLToPath(new URL(`../src/engine/${name}.generated.ts`, import.meta.url));

const hash = createHash('sha256');
for (const name of readdirSync(here).sort()) {
  if (/\.(ts|mjs)$/.test(name)) hash.update(name).update(readFileSync(here + name));
}
const stamp = `// ${hash.digest('hex')}\n`;
const isOfThese = name => existsSync(output(name)) && readFileSync(output(name), 'utf8').startsWith(stamp);
if (['separated', 'joinable', 'plan'].every(isOfThese)) process.exit();

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

const { compileKernels } = await import('./compile.mjs');

/** The byte after these says of what kind the imported memory is. */
const beforeSharing = Buffer.from('\x03env\x06memory\x02', 'latin1');
/** What it is for shared memory, which begins with some pages and has a most, and for memory of one thread. */
const [SHARED, NOT_SHARED] = [3, 1];

for (const name of ['separated', 'joinable']) {
  const bytes = Buffer.from(await compileKernels({ separated: name === 'separated', memoryBase: CONSTANTS_AT }));
  const sharingAt = bytes.indexOf(beforeSharing) + beforeSharing.length;
  if (bytes[sharingAt] !== SHARED) throw new Error('the byte that says whether memory is shared is not where it was');
  writeFileSync(
    output(name),
    `${stamp}
// WebAssembly for shared memory, and where the byte lies that says so. Made by kernels/build.mjs from kernels/*.ts.
export const base64: string =
  '${bytes.toString('base64')}';
export const sharingAt: number = ${sharingAt};
`,
  );
}
writeFileSync(
  output('plan'),
  `${stamp}
// From kernels/plan.ts, where it is said what they are: numbers, and the words of two classes in their order.
${constants.map(([name, value]) => `export const ${name}: number = ${value};`).join('\n')}
export const planWords = { ${planWords.join(', ')} } as const;
export const dataSetWords = { ${wordsOf('DataSet').join(', ')} } as const;
/** The byte at \`sharingAt\` for the memory of one thread. */
export const notShared: number = ${NOT_SHARED};
`,
);
