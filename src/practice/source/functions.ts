import type { FunctionName } from '../protocol.ts';
import { type Definition, definitionOfExport, type Module } from './modules.ts';

/** The names under which each function may be exported: the practical's, or Python's. */
export const namesOf: Readonly<Record<FunctionName, readonly string[]>> = {
  sigma: ['sigma'],
  dsigma: ['dsigma'],
  loss: ['loss'],
  dloss: ['dloss'],
  forwardPass: ['forwardPass', 'forward_pass'],
  backwardPass: ['backwardPass', 'backward_pass'],
  train: ['train'],
};

export const functionNames = Object.keys(namesOf) as FunctionName[];

/** Where each function belongs, if several files export its name. */
export const homeOf: Readonly<Record<FunctionName, string>> = {
  sigma: 'activation.ts',
  dsigma: 'activation.ts',
  loss: 'loss.ts',
  dloss: 'loss.ts',
  forwardPass: 'passes.ts',
  backwardPass: 'passes.ts',
  train: 'training.ts',
};

/** The function in whose lines a line stands, by the look of a file that cannot be read. */
export function functionAround(line: number, source: string): FunctionName | undefined {
  const lines = source.split('\n');
  for (let i = line - 1; i >= 0; i--) {
    const [, name] = /^(?:export )?(?:const|let|var|(?:async )?function) (\w+)/.exec(lines[i]!) ?? [];
    if (name !== undefined) return functionNames.find(own => namesOf[own].includes(name));
    // what is not set in, but for the bracket that closes a function's head or the function itself, is none of its lines
    if (!(i === line - 1 ? /^(\s|[)\]}]|$)/ : /^(\s|[)\]]|$)/).test(lines[i]!)) return undefined;
  }
  return undefined;
}

export interface Found extends Definition {
  readonly exportedAs: string;
  readonly exportedFrom: string;
}

/** The functions that the modules export. */
export function findFunctions(modules: readonly Module[]): Map<FunctionName, Found> {
  const found = new Map<FunctionName, Found>();
  for (const name of functionNames) {
    const isHome = ({ file }: Module) => file.split('/').at(-1) === homeOf[name];
    for (const module of [...modules.filter(isHome), ...modules.filter(m => !isHome(m))]) {
      for (const exportedAs of namesOf[name]) {
        const definition = found.has(name) ? undefined : definitionOfExport(module.file, exportedAs, modules);
        if (definition !== undefined) found.set(name, { ...definition, exportedAs, exportedFrom: module.file });
      }
    }
  }
  return found;
}
