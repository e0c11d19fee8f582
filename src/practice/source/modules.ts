import * as tensorModule from '../../tensor/index.ts';
import { TENSOR } from '../answerer/allowed.ts';
import { nearest } from '../answerer/nearest.ts';
import type { SourceError, Sources } from '../protocol.ts';
import { fileAt, pathFrom } from './paths.ts';
import { type Binding, namesIn, type Scopes, scopesOf } from './scopes.ts';
import { isErased, lineOf, type Node, type Parsed, parse } from './tree.ts';

/** A name in another module; `*` is the whole of it. */
interface Elsewhere {
  readonly module: string;
  readonly name: string;
}

/** One of a learner's files, read. */
export interface Module extends Parsed {
  readonly scopes: Scopes;
  /** By the name that it has here. */
  readonly imports: ReadonlyMap<string, Elsewhere>;
  readonly exports: ReadonlyMap<
    string,
    { readonly line: number; readonly local: string } | ({ readonly line: number } & Elsewhere)
  >;
}

/** What stands behind a name once all imports and exports are followed. */
export interface Definition {
  readonly module: Module;
  readonly binding: Binding;
}

/** Reads all files and how they hang together: they may import each other and the tensor, and types of anything. */
export function readModules(sources: Sources): Module[] | SourceError[] {
  const errors: SourceError[] = [];
  const modules: Module[] = [];
  for (const [file, source] of Object.entries(sources)) {
    const parsed = parse(file, source);
    if ('says' in parsed) errors.push(parsed);
    else modules.push(readModule(parsed, sources, errors));
  }
  for (const module of modules) if (errors.length === 0) namesMustBeThere(module, modules, errors);
  return errors.length > 0 ? errors : inOrder(modules);
}

function readModule(parsed: Parsed, sources: Sources, errors: SourceError[]): Module {
  const { file, tree } = parsed;
  const scopes = scopesOf(tree);
  const imports = new Map<string, Elsewhere>();
  const exports = new Map<string, { line: number; local: string } | ({ line: number } & Elsewhere)>();
  const isUsed = usedNames(tree, scopes);

  /** The module that is meant, where it may be imported. */
  const moduleOf = (source: Node, names: readonly string[]): string | undefined => {
    const found = resolve(file, source.value, sources);
    if (found === undefined)
      errors.push({ kind: 'import', file, line: lineOf(source), says: whyNot(source.value, names, file, sources) });
    return found;
  };

  for (const node of tree.body as Node[]) {
    if (isErased(node)) continue;
    if (node.type === 'ImportDeclaration') {
      // what is imported without the word `type` but used as a type only is a type
      const used = node.specifiers.filter((s: Node) => s.importKind !== 'type' && isUsed(s.local.name));
      if (node.specifiers.length > 0 && used.length === 0) continue;
      const nameOf = (s: Node): string =>
        s.type === 'ImportNamespaceSpecifier'
          ? '*'
          : s.type === 'ImportDefaultSpecifier'
            ? 'default'
            : (s.imported.name ?? s.imported.value);
      const module = moduleOf(node.source, used.map(nameOf));
      if (module !== undefined) for (const s of used) imports.set(s.local.name, { module, name: nameOf(s) });
    } else if (node.type === 'ExportNamedDeclaration') {
      const specifiers = node.specifiers.filter((s: Node) => s.exportKind !== 'type');
      const nameOf = (word: Node): string => word.name ?? word.value;
      if (node.source) {
        const module = moduleOf(
          node.source,
          specifiers.map((s: Node) => nameOf(s.local)),
        );
        if (module === undefined) continue;
        for (const s of specifiers) exports.set(nameOf(s.exported), { line: lineOf(s), module, name: nameOf(s.local) });
      } else if (node.declaration) {
        const { declaration } = node;
        const identifiers: Node[] =
          declaration.type === 'VariableDeclaration'
            ? declaration.declarations.flatMap((d: Node) => namesIn(d.id))
            : [declaration.id];
        for (const { name, loc } of identifiers) exports.set(name, { line: loc.start.line, local: name });
      } else {
        for (const s of specifiers) exports.set(nameOf(s.exported), { line: lineOf(s), local: nameOf(s.local) });
      }
    } else if (node.type === 'ExportAllDeclaration') {
      const module = moduleOf(node.source, []);
      if (module !== undefined)
        exports.set(node.exported ? node.exported.name : `* ${module}`, { line: lineOf(node), module, name: '*' });
    }
  }
  return { ...parsed, scopes, imports, exports };
}

/** Whether a name of the module is used as a value, anywhere in it. */
function usedNames(tree: Node, { references }: Scopes): (name: string) => boolean {
  const used = new Set<string>();
  for (const binding of references.values()) if (binding?.ofModule) used.add(binding.name);
  for (const node of tree.body as Node[]) {
    if (node.type !== 'ExportNamedDeclaration' || node.exportKind === 'type' || node.source) continue;
    for (const s of node.specifiers) if (s.exportKind !== 'type') used.add(s.local.name);
  }
  return name => used.has(name);
}

/** The module that is meant. The tensor's own file may be named by where it lies in the house. */
function resolve(file: string, specifier: string, sources: Sources): string | undefined {
  if (specifier === TENSOR) return TENSOR;
  if (!specifier.startsWith('.')) return undefined;
  const found = fileAt(pathFrom(file, specifier), name => Object.hasOwn(sources, name));
  return found ?? (/^\.\.?\/tensor\/index(\.[jt]s)?$/.test(specifier) ? TENSOR : undefined);
}

function whyNot(specifier: string, names: readonly string[], file: string, sources: Sources): string {
  if (specifier === 'longhand') {
    const ofTensor = names.filter(name => Object.hasOwn(tensorModule, name));
    if (ofTensor.length > 0 && ofTensor.length === names.length) {
      return `take ${quoted(names)} from 'longhand/tensor': of 'longhand' only types may be imported, with \`import type\``;
    }
    return `of 'longhand' only types may be imported, with \`import type\`: ${quoted(names)} ${names.length === 1 ? 'is' : 'are'} for you to write`;
  }
  if (specifier.startsWith('.')) {
    const path = pathFrom(file, specifier);
    const near = nearest(
      path.replace(/\.[jt]s$/, ''),
      Object.keys(sources).map(name => name.replace(/\.ts$/, '')),
    );
    return `there is no file '${specifier}' here${near === undefined ? '' : `; did you mean './${near}.ts'?`}`;
  }
  return `'${specifier}' cannot be imported here; 'longhand/tensor' and your own files can`;
}

function quoted(names: readonly string[]): string {
  return names.length === 0 ? 'it' : names.map(name => `\`${name}\``).join(', ');
}

/** Whatever is imported must be exported where it is said to come from. */
function namesMustBeThere(module: Module, modules: readonly Module[], errors: SourceError[]): void {
  const imported = [...module.imports.values(), ...[...module.exports.values()].filter(e => 'module' in e)];
  for (const { module: from, name } of imported as Elsewhere[]) {
    const there = exportedNames(from, modules);
    if (name === '*' || there.includes(name)) continue;
    const near = nearest(name, there);
    const says =
      name === 'default'
        ? `write the names in braces, \`import { … } from '${from}'\`: nothing is exported there as default`
        : `${from === TENSOR ? TENSOR : from} exports no \`${name}\`${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
    const at = module.source
      .split('\n')
      .findIndex(line => /\bfrom\b/.test(line) && new RegExp(`\\b${name}\\b`).test(line));
    errors.push({ kind: 'import', says, file: module.file, line: Math.max(at, 0) + 1 });
  }
}

/** All names that a module exports, those that it passes on included. */
export function exportedNames(
  file: string,
  modules: readonly Module[],
  seen: ReadonlySet<string> = new Set(),
): string[] {
  if (file === TENSOR) return Object.keys(tensorModule);
  if (seen.has(file)) return [];
  const { exports } = modules.find(module => module.file === file)!;
  return [...exports].flatMap(([name, to]) =>
    name.startsWith('* ') ? exportedNames((to as Elsewhere).module, modules, new Set([...seen, file])) : [name],
  );
}

/** What a module exports under a name, wherever it is defined; undefined where that is in the tensor or nowhere. */
export function definitionOfExport(
  file: string,
  name: string,
  modules: readonly Module[],
  depth = 0,
): Definition | undefined {
  const module = modules.find(m => m.file === file);
  if (module === undefined || depth > 20) return undefined; // files that pass a name on to each other in a circle
  const to = module.exports.get(name);
  if (to === undefined) {
    for (const [key, all] of module.exports) {
      const found = key.startsWith('* ')
        ? definitionOfExport((all as Elsewhere).module, name, modules, depth + 1)
        : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return 'module' in to
    ? definitionOfExport(to.module, to.name, modules, depth + 1)
    : definitionOf(module, to.local, modules, depth + 1);
}

/** What a name of a module stands for: imports are followed, and so is `const act = sigma`. */
export function definitionOf(
  module: Module,
  name: string,
  modules: readonly Module[],
  depth = 0,
): Definition | undefined {
  const binding = module.scopes.ofModule.get(name);
  if (binding === undefined || depth > 20) return undefined;
  if (binding.kind === 'import') {
    const to = module.imports.get(name);
    return to && definitionOfExport(to.module, to.name, modules, depth + 1);
  }
  if (binding.kind === 'const' && binding.initial?.type === 'Identifier') {
    const same = module.scopes.references.get(binding.initial);
    if (same?.ofModule) return definitionOf(module, same.name, modules, depth + 1);
  }
  return { module, binding };
}

/** Those that are imported before those that import them; where they import each other, as they come. */
function inOrder(modules: readonly Module[]): Module[] {
  const ordered: Module[] = [];
  const seen = new Set<string>();
  const add = (module: Module) => {
    if (seen.has(module.file)) return;
    seen.add(module.file);
    for (const name of dependenciesOf(module)) {
      const dependency = modules.find(m => m.file === name);
      if (dependency !== undefined) add(dependency);
    }
    ordered.push(module);
  };
  for (const module of modules) add(module);
  return ordered;
}

/** The modules that a module imports or passes names on from. */
export function dependenciesOf({ imports, exports }: Module): string[] {
  const passedOn = [...exports.values()].flatMap(to => ('module' in to ? [to.module] : []));
  return [...new Set([...[...imports.values()].map(({ module }) => module), ...passedOn])];
}
