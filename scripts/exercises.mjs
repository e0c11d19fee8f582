/**
 * Makes the exercises' files out of their solutions: src/practice/solutions/*.ts become
 * src/practice/exercises.generated.ts, a module that carries solution and stub of each as text, so that terminal, page and
 * grader have them with no file to find. A stub is its solution with the lines between the markers taken out; so the two
 * cannot drift apart. Does nothing where there is nothing to do.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../src/practice/solutions/', import.meta.url));
const output = fileURLToPath(new URL('../src/practice/exercises.generated.ts', import.meta.url));

const marked = /^( *)\/\/ solution: begin\n([\s\S]*?)^ *\/\/ solution: end\n/gm;

/** A learner's file knows the package by its name, and nothing of our tools. */
function asLearners(source) {
  return source
    .replace(
      /^import type \{ (\w+) \} from '\.\.\/(\.\.\/six-functions|training)\.ts';$/gm,
      "import type { $1 } from 'longhand';",
    )
    .replace(/'\.\.\/\.\.\/tensor\/index\.ts'/g, "'longhand/tensor'")
    .replace(/^\/\/ biome-ignore .*\n/gm, '');
}

const files = readdirSync(folder)
  .sort()
  .map(name => {
    const source = asLearners(readFileSync(folder + name, 'utf8'));
    if (source.search(marked) < 0) throw new Error(`${name}: no lines between the markers of a solution`);
    return {
      name,
      stub: source.replace(marked, "$1throw new Error('not written yet');\n"),
      solution: source.replace(marked, '$2'),
    };
  });

const made = `/** The files of the exercises: made by scripts/exercises.mjs from solutions/*.ts. */
export const files: Readonly<Record<string, { readonly stub: string; readonly solution: string }>> = {
${files.map(({ name, stub, solution }) => `  '${name}': {\n    stub: ${JSON.stringify(stub)},\n    solution: ${JSON.stringify(solution)},\n  },\n`).join('')}};
`;
if (!existsSync(output) || readFileSync(output, 'utf8') !== made) writeFileSync(output, made);
