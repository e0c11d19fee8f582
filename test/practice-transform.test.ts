import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startInProcess } from '../src/practice/answerer/in-process.ts';
import { transform } from '../src/practice/transform.ts';

test('practical.ts itself is read and run', async () => {
  const transformed = transform({ 'practical.ts': readFileSync('src/practical.ts', 'utf8') });
  if (Array.isArray(transformed)) throw new Error(transformed[0]!.says);
  const { call } = await startInProcess(transformed);
  const x = { kind: 'tensor', dtype: 'float64', shape: [2], data: Float64Array.of(1, 2) } as const;
  const answer = await call({ function: 'sigma', arguments: [x], inPlaceOf: {}, substitutes: {} });
  if (answer.kind !== 'returned' || answer.value.kind !== 'tensor') throw new Error(answer.kind);
  expect([...answer.value.data]).toEqual([1, 2].map(y => expect.closeTo(Math.tanh(y), 15)));
});
