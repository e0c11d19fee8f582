import { test as anyTest } from 'vitest';

// `npm test` does what is quick, and one in a few of many cases; `npm run test:long` does the rest, and does nothing again.
// A file of both takes its `test` from here, and has it read by test:long by naming this file.

/** Whether this is `npm run test:long`: its configuration says so in the environment. */
const isLong = process.env.LONG_TESTS !== undefined;

/** A test of `npm test` alone. */
export const test: typeof anyTest = anyTest.skipIf(isLong) as typeof anyTest;

/** A test that takes long: of `npm run test:long` alone. */
export const longTest: typeof anyTest = anyTest.runIf(isLong) as typeof anyTest;

/** A test of both, each with cases of its own: those that `oneIn` chooses. */
export const sharedTest: typeof anyTest = anyTest;

/** One in n cases for `npm test`; the others for test:long. */
export function oneIn<T>(n: number, cases: readonly T[]): T[] {
  return cases.filter((_, i) => (i % n === 0) !== isLong);
}

/** Where what counts is how many of all cases end well: one in n of them for `npm test`, all for test:long. */
export function allOrOneIn<T>(n: number, cases: readonly T[]): T[] {
  return cases.filter((_, i) => isLong || i % n === 0);
}

/** The same where cases are only counted. */
export function allOrOneInCount(n: number, count: number): number {
  return isLong ? count : Math.ceil(count / n);
}
