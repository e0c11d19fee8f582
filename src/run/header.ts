/** What a header is made of. Maps, not objects: a key such as `__proto__` is a key like any other, and refused as one. */
export type HeaderValue = string | number | HeaderValue[] | Map<string, HeaderValue>;

/** More than any checkpoint has; a header made to exhaust memory stops here. */
const MOST_DEPTH = 4;
const MOST_ENTRIES = 200;

/**
 * Reads the JSON of a header as strictly as it is written: no key twice, no blanks but those at the end, no escapes,
 * no `true`, `false` and `null`. `JSON.parse` would silently keep the last of two equal keys.
 *
 * `refuse` is told what is wrong and throws.
 */
export function parseHeader(text: string, refuse: (why: string) => never): Map<string, HeaderValue> {
  let at = 0;
  let entries = 0;
  const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

  const broken = (wanted: string): never => {
    const found = at < text.length ? JSON.stringify(text[at]) : 'the end';
    return refuse(
      `the header is not the JSON of a checkpoint: ${found} at character ${at}, where ${wanted} was wanted`,
    );
  };
  const accept = (mark: string): boolean => {
    if (text[at] !== mark) return false;
    at++;
    return true;
  };
  const expect = (mark: string): void => {
    if (!accept(mark)) broken(JSON.stringify(mark));
  };
  const count = (): void => {
    if (++entries > MOST_ENTRIES) refuse(`the header has more than ${MOST_ENTRIES} entries`);
  };

  const string = (): string => {
    expect('"');
    const end = text.indexOf('"', at);
    if (end === -1) return broken('a string that ends');
    const value = text.slice(at, end);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    if (/[\u0000-\u001f\\]/.test(value)) return broken('a string without escapes and control characters');
    at = end + 1;
    return value;
  };

  const object = (depth: number): Map<string, HeaderValue> => {
    const map = new Map<string, HeaderValue>();
    expect('{');
    if (accept('}')) return map;
    do {
      count();
      const key = string();
      if (map.has(key)) refuse(`the key ${JSON.stringify(key.slice(0, 40))} appears twice in the header`);
      expect(':');
      map.set(key, value(depth + 1));
    } while (accept(','));
    expect('}');
    return map;
  };

  const array = (depth: number): HeaderValue[] => {
    const list: HeaderValue[] = [];
    expect('[');
    if (accept(']')) return list;
    do {
      count();
      list.push(value(depth + 1));
    } while (accept(','));
    expect(']');
    return list;
  };

  const value = (depth: number): HeaderValue => {
    if (depth > MOST_DEPTH) refuse(`the header is nested deeper than ${MOST_DEPTH} levels`);
    if (text[at] === '"') return string();
    if (text[at] === '{') return object(depth);
    if (text[at] === '[') return array(depth);
    number.lastIndex = at;
    const digits = number.exec(text)?.[0];
    if (digits === undefined) return broken('a string, a number, "[" or "{"');
    at += digits.length;
    return Number(digits);
  };

  if (text[0] !== '{') broken('"{"');
  const header = object(1);
  if (text.slice(at).trimEnd() !== '') broken('nothing but blanks');
  return header;
}
