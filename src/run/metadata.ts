import type { Values } from '../settings/values.ts';
import type { GeneratorState } from '../tensor/index.ts';
import type { HeaderValue } from './header.ts';

/** The entries of a checkpoint's metadata, every one a string, read by what they stand for. */
export class Metadata {
  readonly #entries: ReadonlyMap<string, HeaderValue>;
  readonly #refuse: (why: string) => never;
  readonly #read = new Set(['format']);

  constructor(entries: ReadonlyMap<string, HeaderValue>, refuse: (why: string) => never) {
    this.#entries = entries;
    this.#refuse = refuse;
  }

  /** Refuses entries that nobody asked for. */
  nothingElse(): void {
    for (const key of this.#entries.keys()) {
      if (!this.#read.has(key)) this.#refuse(`holds an unknown entry ${JSON.stringify(key.slice(0, 40))}`);
    }
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  #text(key: string, pattern = /^/, wanted = 'a text'): string {
    this.#read.add(key);
    const text = this.#entries.get(key);
    if (text === undefined) return this.#refuse(`lacks the entry ${key}`);
    if (typeof text !== 'string') return this.#refuse(`its ${key} is no string`);
    if (!pattern.test(text)) return this.#wrong(key, text, wanted);
    return text;
  }

  #wrong(key: string, text: string, wanted: string): never {
    const shown = text.length > 40 ? `${text.slice(0, 40)}… (${text.length} characters)` : text;
    return this.#refuse(`its ${key} is ${JSON.stringify(shown)}; ${wanted} was wanted`);
  }

  /** One of `values`, written as JavaScript writes it. */
  read<T extends string | number>(key: string, values: Values<T>): T {
    const text = this.#text(key);
    const value = values.read(text, what => this.#wrong(key, text, what));
    if (`${value}` !== text) this.#wrong(key, text, `${value}`);
    return value;
  }

  whole(key: string, from: number, to: number = Number.MAX_SAFE_INTEGER): number {
    const wanted = `a whole number from ${from} to ${to}`;
    const text = this.#text(key, /^(0|-?[1-9]\d{0,15})$/, wanted);
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < from || value > to) this.#wrong(key, text, wanted);
    return value;
  }

  /** A finite number, written as JavaScript writes it. */
  number(key: string): number {
    const wanted = 'a number';
    const text = this.#text(key, /^[-+.\de]{1,30}$/, wanted);
    const value = Number(text);
    if (!Number.isFinite(value) || `${value}` !== text) this.#wrong(key, text, wanted);
    return value;
  }

  positive(key: string): number {
    const value = this.number(key);
    if (value <= 0) this.#wrong(key, `${value}`, 'a number greater than 0');
    return value;
  }

  digest(key: string): string {
    return this.#text(key, /^[\da-f]{64}$/, 'a SHA-256 of 64 hexadecimal digits');
  }

  inputShape(key: string): [number, number, number] {
    const text = this.#text(key, /^[1-9]\d{0,6}x[1-9]\d{0,6}x[1-9]\d{0,6}$/, 'channels x rows x columns');
    return text.split('x').map(Number) as [number, number, number];
  }

  generator(): GeneratorState {
    const digits = this.#text('generator_words', /^[\da-f]{4992}$/, '624 words of 8 hexadecimal digits');
    const words = Uint32Array.from({ length: 624 }, (_, i) => Number.parseInt(digits.slice(8 * i, 8 * i + 8), 16));
    const next = this.whole('generator_next', 0, 624);
    const spare = this.#text('generator_spare_normal', /^([\da-f]{16})?$/, 'nothing or 16 hexadecimal digits');
    const spareNormal = spare === '' ? null : doubleOf(spare);
    if (spareNormal !== null && !Number.isFinite(spareNormal))
      this.#wrong('generator_spare_normal', spare, 'a finite number');
    return { words, next, spareNormal };
  }
}

/** The state of the generator, in hexadecimal digits: the words, and the 64 bits of the normal value that is left. */
export function generatorEntries({ words, next, spareNormal }: GeneratorState): Record<string, string> {
  return {
    generator_words: Array.from(words, word => word.toString(16).padStart(8, '0')).join(''),
    generator_next: `${next}`,
    generator_spare_normal: spareNormal === null ? '' : digitsOf(spareNormal),
  };
}

function digitsOf(x: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

function doubleOf(digits: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${digits}`));
  return view.getFloat64(0);
}
