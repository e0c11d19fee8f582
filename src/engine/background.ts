/** The value that most inputs have, and how many have another. */
export interface Background {
  readonly value: number;
  readonly others: number;
}

/**
 * The value of more than a third of the numbers, the more frequent one where there are two, and how many numbers
 * differ from it; undefined where there is none. Where fewer have one value, the sparse kernel gains little or nothing
 * over the dense one, and its entries take more memory.
 *
 * Misra and Gries's count finds the only two candidates in one pass: three numbers of three values cancel each other,
 * and what is more than a third cannot be cancelled.
 */
export function backgroundOf(data: Float32Array): Background | undefined {
  let [a, b] = [0, 0];
  let [votesA, votesB] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!;
    if (x === a) votesA++;
    else if (x === b) votesB++;
    else if (votesA === 0) [a, votesA] = [x, 1];
    else if (votesB === 0) [b, votesB] = [x, 1];
    else {
      votesA--;
      votesB--;
    }
  }
  let [countA, countB] = [0, 0];
  for (let i = 0; i < data.length; i++) {
    if (data[i] === a) countA++;
    else if (data[i] === b) countB++;
  }
  const value = countA >= countB ? a : b;
  const others = data.length - Math.max(countA, countB);
  return 3 * others < 2 * data.length && Number.isFinite(value) ? { value, others } : undefined;
}

/** How many numbers differ from b. */
export function countOthers(data: Float32Array, b: number): number {
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== b) count++;
  return count;
}
