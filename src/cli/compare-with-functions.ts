import type { EngineName } from '../engine/engines.ts';
import { selfCheck } from '../engine/self-check.ts';
import { LonghandError } from '../tensor/index.ts';
import type { Terminal } from './terminal.ts';

/** Editing the six functions changes nothing where kernels train: nobody should have to find that out. */
export async function compareWithFunctions(engine: EngineName, terminal: Terminal): Promise<void> {
  const check = await selfCheck(engine);
  if (check.ok) return;
  if (check.who === 'engine') throw new LonghandError(check.what);
  terminal.note(check.what);
}
