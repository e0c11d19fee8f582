import { LonghandError } from './errors.ts';
import { cos, log, log1p, sin } from './math.ts';

/** MT19937 and what is left over from the last pair of normal values: all that the next draws depend on. */
export interface GeneratorState {
  readonly words: Uint32Array; // 624 of them
  readonly next: number; // how many of them have been drawn, 0 to 624
  readonly spareNormal: number | null;
}

const WORDS = 624;
const TWO_PI = 2 * Math.PI;

/**
 * PyTorch's random numbers on the CPU: the same values from the same seed.
 *
 * The words come from MT19937 (M. Matsumoto and T. Nishimura, "Mersenne Twister", 1998), the normal values from the
 * Box–Muller transform (1958). How PyTorch combines the two differs between large and small tensors; the methods say.
 */
export class Generator {
  #words = new Uint32Array(WORDS);
  #next = WORDS;
  #spareNormal: number | null = null;

  /** The default seed is the one that a new `torch.Generator()` starts with. */
  constructor(seed = 67280421310721) {
    this.manualSeed(seed);
  }

  /** Starts the stream of `seed`, a whole number of which the low 32 bits count, as in PyTorch. */
  manualSeed(seed: number): this {
    if (!Number.isSafeInteger(seed)) throw new LonghandError(`manualSeed: ${seed} is not a whole number`);
    this.#words[0] = seed % 2 ** 32;
    for (let i = 1; i < WORDS; i++) {
      const w = this.#words[i - 1]!;
      this.#words[i] = Math.imul(1812433253, w ^ (w >>> 30)) + i;
    }
    this.#next = WORDS;
    this.#spareNormal = null;
    return this;
  }

  getState(): GeneratorState {
    return { words: this.#words.slice(), next: this.#next, spareNormal: this.#spareNormal };
  }

  /** Continues from a state that `getState` returned. */
  setState({ words, next, spareNormal }: GeneratorState): this {
    if (words.length !== WORDS || !Number.isInteger(next) || next < 0 || next > WORDS) {
      throw new LonghandError(
        `setState: ${words.length} words of which ${next} are drawn; a state has ${WORDS} words and 0 to ${WORDS} drawn`,
      );
    }
    this.#words.set(words);
    this.#next = next;
    this.#spareNormal = spareNormal;
    return this;
  }

  /** 32 random bits. */
  word(): number {
    if (this.#next === WORDS) this.#twist();
    let w = this.#words[this.#next++]!;
    w ^= w >>> 11;
    w ^= (w << 7) & 0x9d2c5680;
    w ^= (w << 15) & 0xefc60000;
    w ^= w >>> 18;
    return w >>> 0;
  }

  #twist(): void {
    const m = this.#words;
    for (let i = 0; i < WORDS; i++) {
      const y = (m[i]! & 0x80000000) | (m[(i + 1) % WORDS]! & 0x7fffffff);
      m[i] = m[(i + 397) % WORDS]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }

  /** Uniform in [0, 1), of 24 bits: what PyTorch draws for float32. */
  uniform24(): number {
    return (this.word() & 0xffffff) / 2 ** 24;
  }

  /** Uniform in [0, 1), of 53 bits, from two words: what PyTorch draws for float64. */
  uniform53(): number {
    const high = this.word() & 0x1fffff;
    return (high * 2 ** 32 + this.word()) / 2 ** 53;
  }

  /** One value of N(mean, std²), in double precision. The pair's other value is kept for the next call. */
  normal(mean: number, std: number): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare * std + mean;
    }
    const u1 = this.uniform53();
    const u2 = this.uniform53();
    const r = Math.sqrt(-2 * log1p(-u2));
    this.#spareNormal = r * sin(TWO_PI * u1);
    return r * cos(TWO_PI * u1) * std + mean;
  }

  /** Fills `data` with uniform values in [from, to). */
  fillUniform(data: Float32Array | Float64Array, from: number, to: number): void {
    if (data instanceof Float32Array) {
      // as PyTorch: the bounds and their distance are float32, product and sum are rounded once
      const low = Math.fround(from);
      const width = Math.fround(Math.fround(to) - low);
      for (let i = 0; i < data.length; i++) data[i] = this.uniform24() * width + low;
    } else {
      for (let i = 0; i < data.length; i++) data[i] = this.uniform53() * (to - from) + from;
    }
  }

  /**
   * Fills `data` with values of N(mean, std²).
   *
   * Fewer than 16 values are drawn one by one. From 16 on, all uniforms are drawn first and transformed in blocks of
   * 16, the first eight of a block paired with its last eight; where the length is no multiple of 16, the last 16
   * values are drawn again.
   */
  fillNormal(data: Float32Array | Float64Array, mean: number, std: number): void {
    const n = data.length;
    if (n < 16) {
      for (let i = 0; i < n; i++) data[i] = this.normal(mean, std);
      return;
    }
    this.fillUniform(data, 0, 1);
    for (let i = 0; i + 16 <= n; i += 16) boxMuller(data, i, mean, std);
    if (n % 16 !== 0) {
      this.fillUniform(data.subarray(n - 16), 0, 1);
      boxMuller(data, n - 16, mean, std);
    }
  }

  /** A random permutation of 0 … n − 1 (Fisher and Yates' shuffle, from the front). */
  permutation(n: number): Float64Array {
    const p = Float64Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const j = i + (this.word() % (n - i));
      const held = p[i]!;
      p[i] = p[j]!;
      p[j] = held;
    }
    return p;
  }
}

/**
 * Turns the 16 uniform values from `start` on into normal ones. Where θ is close to a zero of sin or cos, the result
 * depends on how θ was rounded: for float32, PyTorch computes it in single precision, and so must we.
 */
function boxMuller(data: Float32Array | Float64Array, start: number, mean: number, std: number): void {
  const round = data instanceof Float32Array ? Math.fround : (x: number) => x;
  for (let j = start; j < start + 8; j++) {
    const r = round(Math.sqrt(-2 * round(log(1 - data[j]!))));
    const theta = round(round(TWO_PI) * data[j + 8]!);
    data[j] = r * cos(theta) * std + mean;
    data[j + 8] = r * sin(theta) * std + mean;
  }
}

/** The generator that tensors draw from unless they are given another. Like torch's, it starts with a seed of its own. */
export const defaultGenerator: Generator = new Generator(crypto.getRandomValues(new Uint32Array(1))[0]);

/**
 * Seeds the default generator: from here on, `normal_`, `uniform_`, `randn` and `randperm` draw PyTorch's values.
 *
 * @example
 * manualSeed(0);
 * console.log(randn(3)); // tensor([ 1.5410, -0.2934, -2.1788]), as in PyTorch
 */
export function manualSeed(seed: number): Generator {
  return defaultGenerator.manualSeed(seed);
}
