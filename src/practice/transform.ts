import type { FunctionFacts, FunctionName, Site, SourceError, Sources, Transformed } from './protocol.ts';
import { factsOf, findLoops, findMisspelt } from './source/facts.ts';
import { findFunctions } from './source/functions.ts';
import { instrument } from './source/instrument.ts';
import { findKept } from './source/kept.ts';
import { readModules } from './source/modules.ts';

/**
 * Makes of a learner's TypeScript what an answerer can run: the types are gone, every line is where it was, and the
 * code is under supervision (`source/instrument.ts`). What can be told without running it is told, too.
 *
 * The types are read by acorn with the TypeScript plugin that Svelte keeps: two packages without dependencies that give
 * one syntax tree, types and places included. Sucrase strips types too, but has no tree, brings sixteen packages, and
 * leaves the code to be parsed a second time, where the text is no longer the one that was written.
 */
export function transform(sources: Sources): Transformed | SourceError[] {
  const modules = readModules(sources);
  if (isErrors(modules)) return modules;
  const found = findFunctions(modules);
  const errors: SourceError[] = [];
  const sites: Site[] = [];
  const code: Record<string, string> = {};
  const functions: Partial<Record<FunctionName, FunctionFacts>> = {};
  for (const module of modules) {
    const instrumented = instrument(module, modules, found, sites, errors);
    code[module.file] = instrumented.code;
    for (const [name, one] of found) {
      if (one.module === module) functions[name] = factsOf(one, instrumented.erased);
    }
  }
  if (errors.length > 0) return errors;
  return {
    ...{ modules: code, sites, functions },
    loops: findLoops(modules, found),
    misspelt: findMisspelt(modules, found),
    kept: findKept(modules, found),
  };
}

function isErrors(made: readonly object[]): made is SourceError[] {
  return made.length > 0 && 'says' in made[0]!;
}
