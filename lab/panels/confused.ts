/** Which classes are taken for which. */

/** A cell of the confusion matrix: what is true, and what was said. */
export interface Cell {
  readonly label: number;
  readonly said: number;
}

/** How many samples of each class (rows) were taken for each class (columns), row by row. */
export function confusionOf(labels: Uint8Array, said: Uint8Array, classes: number): Uint32Array {
  const counts = new Uint32Array(classes * classes);
  for (let i = 0; i < said.length; i++) counts[labels[i]! * classes + said[i]!]!++;
  return counts;
}

/** The samples of a cell, or where there is none all that are misread, in their order. */
export function samplesOf(labels: Uint8Array, said: Uint8Array, cell: Cell | undefined): Uint32Array {
  const found = new Uint32Array(said.length);
  let count = 0;
  for (let i = 0; i < said.length; i++) {
    const isWanted = cell === undefined ? labels[i] !== said[i] : labels[i] === cell.label && said[i] === cell.said;
    if (isWanted) found[count++] = i;
  }
  return found.subarray(0, count);
}

/** Where a page of `size` samples begins: with the first that is no earlier than `from`, or with the last page. */
export function pageStart(samples: Uint32Array, from: number, size: number): number {
  const start = samples.findIndex(sample => sample >= from);
  return start >= 0 ? start : Math.max(0, samples.length - size);
}

/** How strong a cell is coloured, 0 … 5, by its share of the samples of its class. */
export function strengthOf(share: number, isRight: boolean): number {
  const bounds = isRight ? [0, 0.4, 0.6, 0.8] : [0, 0.02, 0.05, 0.1, 0.2];
  return bounds.filter(bound => share > bound).length;
}
