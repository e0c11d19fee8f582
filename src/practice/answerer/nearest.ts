/** The name that is meant where `name` was written: of those that differ little from it, the nearest. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  let found: string | undefined;
  let least = name.length < 3 ? 1 : name.length < 6 ? 2 : 3;
  for (const candidate of names) {
    const distance = distanceBetween(plain(name), plain(candidate));
    if (distance < least || (distance === 0 && candidate !== name)) {
      found = candidate;
      least = distance;
    }
  }
  return found;
}

/** Without what people write in different ways: `foward_Pass` is `fowardpass`. */
function plain(name: string): string {
  return name.replace(/_/g, '').toLowerCase();
}

/** How many letters must be put in, taken out, changed or swapped with their neighbour. */
function distanceBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      row.push(least);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
