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
