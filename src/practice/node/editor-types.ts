import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where they lie in a learner's folder: it may be moved or handed in, and an editor still finds them. */
const FOLDER = join('types', 'longhand');

/** The built package, whose declarations are copied. */
const ownDist = fileURLToPath(new URL('../..', import.meta.url));

/** What the oldest compiler that knows the tensor's types understands, and the newest one too. */
export const tsconfig = `{
  "compilerOptions": {
    "target": "ES2022",
    "lib": ["ES2022"],
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "paths": {
      "longhand": ["./types/longhand/index.d.ts"],
      "longhand/tensor": ["./types/longhand/tensor/index.d.ts"]
    },
    "types": [],
    "strict": true,
    "allowImportingTsExtensions": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["*.ts", "types/**/*.d.ts"]
}
`;

/** What a learner may import of `longhand`: types. The six functions are for them to write. */
const index = `export type { Training, TrainingData } from './practice/training.ts';
export type { Practical } from './six-functions.ts';
`;

/** An editor that knows neither Node nor a browser knows no console either. */
const console = `declare const console: Readonly<Record<'log' | 'info' | 'debug' | 'warn' | 'error', (...values: unknown[]) => void>>;
`;

/**
 * Keeps the declarations of `longhand` and `longhand/tensor` in a learner's folder, so that an editor underlines a
 * tensor of the wrong shape with no package installed and no network: as they are in this package, whatever was there.
 */
export function keepEditorTypes(folder: string): void {
  const wanted = editorTypes(ownDist);
  const target = join(folder, FOLDER);
  for (const stale of filesIn(target).filter(path => !wanted.has(path))) rmSync(join(target, stale));
  for (const [path, text] of wanted) {
    const file = join(target, path);
    const made = `// Made by longhand for your editor; \`longhand learn\` keeps it.\n${text}`;
    if (existsSync(file) && readFileSync(file, 'utf8') === made) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, made);
  }
}

/** The declarations by their paths in {@link FOLDER}, from a built package. */
export function editorTypes(dist: string): ReadonlyMap<string, string> {
  const found = new Map([
    ['index.d.ts', index],
    ['console.d.ts', console],
  ]);
  const add = (folder: string, text: string) => {
    for (const [, name] of text.matchAll(/^(?:import|export) [^;]*? from '(\.[^']+)\.ts';/gm)) {
      const path = join(folder, `${name}.d.ts`);
      if (found.has(path)) continue;
      const declarations = readFileSync(join(dist, path), 'utf8').replace(/^\/\/# sourceMappingURL=.*\n?/m, '');
      found.set(path, declarations);
      add(dirname(path), declarations);
    }
  };
  add('.', index);
  return found;
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const from = (parent: string) => parent.slice(folder.length + 1);
  return entries.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(from(parentPath), name));
}
