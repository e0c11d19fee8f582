import { exercises } from '../../src/practice/exercises.ts';
import type { FunctionName } from '../../src/practice/protocol.ts';

/** The function of the practical in which a place of a text lies; what stands above one belongs to it. */
export function exerciseAt(text: string, at: number): FunctionName | undefined {
  let last: FunctionName | undefined;
  for (const { index, 1: spelling } of text.matchAll(/^export (?:const|(?:async )?function) (\w+)/gm)) {
    const name = spelling!.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const found = exercises.find(exercise => exercise.name === name)?.name;
    if (found === undefined) continue;
    last = found;
    const end = text.indexOf('\n}', index);
    if (end === -1 || at <= end + '\n};'.length) return found;
  }
  return last;
}
