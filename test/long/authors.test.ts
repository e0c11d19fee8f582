import { expect, test } from 'vitest';
import { checkAuthors } from '../../src/practice/authors.ts';

test('`longhand check --authors` finds nothing', async () => {
  const { faults, counts } = await checkAuthors();
  expect(faults).toEqual([]);
  expect(counts).toMatchObject({ stubs: 7, solutions: 7, hints: 57, explanations: 7 });
});
