/** As much of a text as is shown of one value. */
const MOST_DEEP = 3;
const MOST_ITEMS = 20;

/** What a console makes of its arguments, in at most so many characters. Nothing that they are or do makes this throw. */
export function said(args: readonly unknown[], most: number): string {
  let text = '';
  for (let i = 0; i < args.length && text.length < most; i++) {
    const made = typeof args[i] === 'string' ? (args[i] as string) : shown(args[i], 0);
    text += (i === 0 ? '' : ' ') + made.slice(0, most);
  }
  return text.slice(0, most);
}

function shown(value: unknown, depth: number): string {
  try {
    if (typeof value === 'string') return JSON.stringify(value.slice(0, 1000));
    if (typeof value === 'function') return `[function ${String(value.name).slice(0, 100)}]`;
    if (typeof value !== 'object' || value === null) return String(value);
    // a tensor prints itself, and so does an error
    if (!Array.isArray(value) && value.toString !== Object.prototype.toString) return String(value).slice(0, 10_000);
    if (depth === MOST_DEEP) return Array.isArray(value) ? '[…]' : '{…}';
    const keys = Object.keys(value);
    const items = keys.slice(0, MOST_ITEMS).map(key => {
      const item = shown((value as Record<string, unknown>)[key], depth + 1);
      return Array.isArray(value) ? item : `${key}: ${item}`;
    });
    if (keys.length > MOST_ITEMS) items.push('…');
    return Array.isArray(value) ? `[${items.join(', ')}]` : `{ ${items.join(', ')} }`;
  } catch {
    return '[something that cannot be shown]';
  }
}
