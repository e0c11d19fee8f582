import { sha256 } from '#platform';
import type { Counted } from '../prologue/drawn/packed-set.ts';
import { tensorNames } from '../prologue/four-tensors.ts';
import type { OneHotData } from '../prologue/index.ts';
import type { LargeData } from '../prologue/large-data.ts';

/**
 * SHA-256 of the samples that a run trains and tests on: of their four tensors' types, shapes and values. Mean and
 * standard deviation are in the values; ζ is not, it is a setting.
 */
export async function dataDigest(data: OneHotData | LargeData): Promise<string> {
  if ('digits' in data) return digitsDigest(data.all);
  const lines: string[] = [];
  for (const name of tensorNames) {
    const values = data[name].elements();
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    lines.push(`${name} ${data[name].dtype} ${data[name].shape.join('x')} ${await sha256(bytes)}`);
  }
  return sha256(new TextEncoder().encode(lines.join('\n')));
}

/**
 * Of drawn digits by the million: SHA-256 of how many pixels have each value and how many digits each label. Which digits
 * they are, the settings say; that they are drawn as they were then, these numbers tell, for no stroke could be drawn
 * otherwise and leave them all as they are. They add up, whoever counts which part.
 */
async function digitsDigest({ train, test }: LargeData['all']): Promise<string> {
  const lineOf = ({ count, classes, pixels }: Counted) => `${count} ${classes.join()} ${pixels.join()}`;
  return sha256(new TextEncoder().encode(`drawn\n${lineOf(train)}\n${lineOf(test)}`));
}
