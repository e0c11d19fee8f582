/**
 * A text that is edited here and there, all of its lines staying where they are: what is put in has no line breaks,
 * and what is taken out leaves its own behind.
 */
export class Edits {
  readonly #source: string;
  readonly #before = new Map<number, string>();
  readonly #after = new Map<number, string>();
  readonly #replaced: { start: number; end: number; text: string }[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  /** Puts text before what begins at `position`, and after what was put there earlier. */
  before(position: number, text: string): void {
    this.#before.set(position, (this.#before.get(position) ?? '') + text);
  }

  /** Puts text behind what ends at `position`, and after what was put there earlier. */
  after(position: number, text: string): void {
    this.#after.set(position, (this.#after.get(position) ?? '') + text);
  }

  /** Puts `text` in place of what stands from `start` to `end`. A range inside of another goes with that one. */
  replace(start: number, end: number, text: string): void {
    this.#replaced.push({ start, end, text: text + lineBreaksIn(this.#source.slice(start, end)) });
  }

  /** The same with a text that has the line breaks of the range in it. */
  replaceLines(start: number, end: number, text: string): void {
    this.#replaced.push({ start, end, text });
  }

  /** Takes out what stands from `start` to `end`. */
  blank(start: number, end: number): void {
    this.replace(start, end, ' ');
  }

  toString(): string {
    const source = this.#source;
    const replaced = this.#replaced.sort((a, b) => a.start - b.start || b.end - a.end);
    const places = [...new Set([...this.#before.keys(), ...this.#after.keys()])].sort((a, b) => a - b);
    let text = '';
    let at = 0;
    let next = 0;
    /** Copies what is left as it was, up to `position`. */
    const copyTo = (position: number) => {
      let from = at;
      for (; next < replaced.length && replaced[next]!.start < position; next++) {
        const { start, end, text: instead } = replaced[next]!;
        if (start < from) continue;
        text += source.slice(from, start) + instead;
        from = end;
      }
      text += source.slice(from, Math.max(from, position));
      at = Math.max(from, position);
    };
    for (const place of places) {
      copyTo(place);
      text += (this.#after.get(place) ?? '') + (this.#before.get(place) ?? '');
    }
    copyTo(source.length + 1);
    return text;
  }
}

function lineBreaksIn(text: string): string {
  return text.replace(/[^\n]+/g, '');
}
