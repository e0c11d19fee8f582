import { setFlagsFromString } from 'node:v8';
import { buildFor } from '../engine/compile.ts';
import { v8 } from '../engine/v8.ts';

/**
 * Lets V8 join pairs of the kernels' vectors into vectors of 256 bits, where it can: docs/engine.md. It changes no bit of
 * the results. The whole process has the flag then, so that only who owns the process may set it, as the command does,
 * and only before the kernels are compiled.
 *
 * A V8 without the flag would complain on standard error. Node says of itself whether its V8 was built with what the
 * flag turns on.
 */
export function joinVectors(): void {
  const { variables } = process.config as { variables: { v8_enable_wasm_simd256_revec?: number } };
  if (variables.v8_enable_wasm_simd256_revec === 1 && buildFor(v8()) === 'joinable')
    setFlagsFromString('--experimental-wasm-revectorize');
}
