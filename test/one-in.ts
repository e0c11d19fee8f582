import { test } from 'vitest';

/**
 * One in n cases, so that `npm test` stays short. `npm run test:long` does all of them: its configuration says so in
 * the environment.
 */
export function oneIn<T>(n: number, cases: readonly T[]): T[] {
  return process.env.ALL_CASES === undefined ? cases.filter((_, i) => i % n === 0) : [...cases];
}

/** The same where cases are only counted. */
export function oneInCount(n: number, count: number): number {
  return process.env.ALL_CASES === undefined ? Math.ceil(count / n) : count;
}

/** Whether it is `npm run test:long`, which does what takes long. */
export const inFull: boolean = process.env.ALL_CASES !== undefined;

/** A test that takes long: of `npm run test:long` alone. */
export const longTest = test.runIf(inFull);
