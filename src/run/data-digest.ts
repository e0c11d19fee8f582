import { sha256 } from '#platform';
import type { OneHotData } from '../prologue/index.ts';

/**
 * SHA-256 of the samples that a run trains and tests on: of their four tensors' types, shapes and values. Mean and
 * standard deviation are in the values; ζ is not, it is a setting.
 */
export async function dataDigest(data: OneHotData): Promise<string> {
  const lines: string[] = [];
  for (const name of ['trainInput', 'trainTarget', 'testInput', 'testTarget'] as const) {
    const values = data[name].elements();
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    lines.push(`${name} ${data[name].dtype} ${data[name].shape.join('x')} ${await sha256(bytes)}`);
  }
  return sha256(new TextEncoder().encode(lines.join('\n')));
}
