import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { editorTypes, tsconfig } from '../src/practice/node/editor-types.ts';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const libs = fileURLToPath(new URL('../node_modules/typescript-5.4/lib/', import.meta.url));

/** What a type checker in the page needs to know: the files of an editor's folder beside the learner's own, as `longhand learn` makes them. */
export interface ForEditor {
  /** By absolute paths: `/types/longhand/…`, `/lib/…`. */
  readonly files: Readonly<Record<string, string>>;
  /** Those of tsconfig.json. */
  readonly compilerOptions: Readonly<Record<string, unknown>>;
}

/** The module `virtual:editor-types`, from the built package. */
export function typesForEditor(): Plugin {
  return {
    name: 'editor-types',
    resolveId: id => (id === 'virtual:editor-types' ? '\0editor-types' : undefined),
    load: id => (id === '\0editor-types' ? `export default ${JSON.stringify(forEditor())}` : undefined),
  };
}

export function forEditor(): ForEditor {
  const { compilerOptions } = JSON.parse(tsconfig);
  const files: Record<string, string> = {};
  for (const [path, text] of editorTypes(dist)) files[`/types/longhand/${path.replaceAll('\\', '/')}`] = text;
  const addLib = (name: string) => {
    const path = `/lib/lib.${name.toLowerCase()}.d.ts`;
    if (path in files) return;
    const text = readFileSync(`${libs}lib.${name.toLowerCase()}.d.ts`, 'utf8');
    files[path] = withoutComments(text);
    for (const [, other] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)"/gm)) addLib(other!);
  };
  for (const name of compilerOptions.lib) addLib(name);
  return { files, compilerOptions };
}

/** Nobody reads them here; references to other files look like comments, and stay. */
const withoutComments = (declarations: string): string =>
  declarations.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*(?:\/\/(?!\/ <).*)?\n/gm, '');
