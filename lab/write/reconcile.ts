import type { Sources } from '../../src/practice/protocol.ts';

/** What comes of files that were changed in two places. */
export interface Reconciled {
  /** With this place's text where both have changed one. */
  readonly files: Sources;
  /** Those that both have changed, each as the other place has it. */
  readonly clashes: Sources;
}

/** Puts together what two places have made of the files that they had in common. */
export function reconcile(common: Sources, mine: Sources, theirs: Sources): Reconciled {
  const files: Record<string, string> = {};
  const clashes: Record<string, string> = {};
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const [before, here, there] = [common[name], mine[name], theirs[name]];
    const result = here === before ? there : here;
    if (result !== undefined) files[name] = result;
    if (here !== before && there !== before && here !== there && there !== undefined) clashes[name] = there;
  }
  return { files, clashes };
}
