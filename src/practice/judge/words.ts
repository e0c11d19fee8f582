/** A number as a sentence shows it: four digits. */
export function shown(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x > 0 ? 'Infinity' : '−Infinity';
  const digits = x === 0 ? '0' : Number.isInteger(x) && Math.abs(x) < 1e6 ? String(x) : x.toPrecision(4);
  return digits.replace(/-/g, '−');
}

export function shownShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** Where entry `i`, counted row by row, stands. */
export function shownPlace(i: number, shape: readonly number[]): string {
  const place: number[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    place.unshift(i % shape[d]!);
    i = Math.floor(i / shape[d]!);
  }
  return `[${place.join(', ')}]`;
}

/** Puts values in place of the names in braces; what has none keeps its name. */
export function filled(template: string, values: (name: string) => string | undefined): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => values(name) ?? name);
}

/** `1 hour`, `2 hours`. */
export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

/** The beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
