/** Checkpoints made for the tests, and ways to damage them. */
import { type Checkpoint, CheckpointError, decodeCheckpoint, encodeCheckpoint } from '../src/run/checkpoint.ts';
import { empty, Generator, type Tensor } from '../src/tensor/index.ts';
import { dice } from './dice.ts';
import { sha256Of } from './made-files.ts';

/** A network of 2 × 3 inputs, 4 hidden units and 2 classes in the middle of its training. */
export function madeCheckpoint(changes: Partial<Checkpoint> = {}): Checkpoint {
  const generator = new Generator(7);
  const drawn = (...size: number[]): Tensor => empty(size).normal_(0, 1, generator) as Tensor;
  const parameters = { w1: drawn(4, 6), b1: drawn(4), w2: drawn(2, 4), b2: drawn(2) };
  return {
    step: 40,
    steps: 100,
    settings: {
      dataset: 'mnist',
      size: 'reduced',
      engine: 'wasm',
      seed: 0,
      hidden: 4,
      eta: 0.1,
      epsilon: 1e-6,
      zeta: 0.9,
      targets: '01',
    },
    inputShape: [1, 2, 3],
    classes: 2,
    normalisation: { mean: 33.318421, std: 78.567489 },
    dataDigest: sha256Of(Uint8Array.of(1, 2, 3)),
    generator: generator.getState(),
    parameters: parameters as unknown as Checkpoint['parameters'],
    ...changes,
  };
}

/** A network of the practical's size, 784-50-10 or with more hidden units. */
export function practicalCheckpoint(step = 0, hidden = 50): Checkpoint {
  const generator = new Generator(1);
  const drawn = (...size: number[]): Tensor => empty(size).normal_(0, 1e-6, generator) as Tensor;
  const parameters = { w1: drawn(hidden, 784), b1: drawn(hidden), w2: drawn(10, hidden), b2: drawn(10) };
  const made = madeCheckpoint();
  return {
    ...made,
    ...{ step, steps: 1e9, classes: 10, inputShape: [1, 28, 28], settings: { ...made.settings, hidden } },
    parameters: parameters as unknown as Checkpoint['parameters'],
  };
}

export interface Parts {
  header: string;
  body: Uint8Array;
}

/** A file's header and what follows it. */
export function partsOf(bytes: Uint8Array): Parts {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  return { header: new TextDecoder().decode(bytes.subarray(8, 8 + length)), body: bytes.slice(8 + length) };
}

/** A file of a header and a body, whose digest is right where it has one: what somebody would make who means harm. */
export function sealed({ header, body }: Parts, length?: bigint): Uint8Array {
  const blank = header.replace(/"digest":"[^"]*"/, `"digest":"${'0'.repeat(64)}"`);
  const digest = sha256Of(joined(blank, body, length));
  return joined(blank.replace(/"digest":"[^"]*"/, `"digest":"${digest}"`), body, length);
}

function joined(header: string, body: Uint8Array, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

/** Why a file is refused; undefined where it is not. What else is thrown gets out. */
export async function refusal(bytes: Uint8Array): Promise<string | undefined> {
  try {
    await decodeCheckpoint(bytes, 'c.safetensors');
    return undefined;
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    return error.message;
  }
}

/** How many of the files that `damage` makes are accepted. They should be none. */
export async function accepted(count: number, damage: (i: number) => Uint8Array): Promise<number> {
  let accepted = 0;
  for (let i = 0; i < count; i++) if ((await refusal(damage(i))) === undefined) accepted++;
  return accepted;
}

/** Flips each bit of length and header, or one in `n` of them, one at a time. */
export async function headerFlips(n = 1): Promise<{ bits: number; accepted: number }> {
  const bytes = await encodeCheckpoint(madeCheckpoint());
  const bits = Math.floor((8 * (bytes.length - partsOf(bytes).body.length)) / n);
  return { bits, accepted: await accepted(bits, i => flipped(bytes, n * i)) };
}

/** Flips so many bits of a body of the practical's size, each in a file that is else as it was. */
export async function bodyFlips(count: number, seed: number): Promise<number> {
  const bytes = await encodeCheckpoint(practicalCheckpoint());
  const body = partsOf(bytes).body.length;
  const roll = dice(seed);
  return accepted(count, () => flipped(bytes, 8 * (bytes.length - body) + roll(8 * body)));
}

function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

const SCRAPS = [
  ...['{', '}', '[', ']', '"', ',', ':', '\\', '-', '0', '1e999', '-1', '1.5', '9007199254740993', ' ', '\u0000', 'é'],
  ...['"__proto__":', '"constructor":', '"w1":', '"shape":', '[[[[[[', 'null', 'true', '"digest":"', '{}', '""'],
];

/** Files with random damage to the header, half of them with a digest that fits again. */
export function headerStorm(count: number, seed: number): Promise<number> {
  const roll = dice(seed);
  return encodeCheckpoint(madeCheckpoint()).then(bytes => {
    const { header, body } = partsOf(bytes);
    // the digits of the generator's state are most of the header and any of them is as good as another
    const start = header.indexOf('"generator_words":"') + 20;
    const end = start + 4990;
    const place = () => {
      const at = roll(header.length - (end - start));
      return at < start ? at : at + (end - start);
    };
    return accepted(count, () => {
      for (;;) {
        let text = header;
        for (let times = 1 + roll(3); times > 0; times--) {
          const at = Math.min(text.length, place());
          const length = 1 + roll(12);
          const [before, after] = [text.slice(0, at), text.slice(at)];
          switch (roll(6)) {
            case 0:
              text = before + SCRAPS[roll(SCRAPS.length)] + after;
              break;
            case 1:
              text = before + SCRAPS[roll(SCRAPS.length)] + after.slice(length);
              break;
            case 2:
              text = before + after.slice(length);
              break;
            case 3:
              text = before + text.slice(place(), place()).slice(0, 60) + after;
              break;
            case 4:
              text = before;
              break;
            case 5:
              text = before + String.fromCharCode(roll(128)) + after.slice(1);
              break;
          }
        }
        if (text.trimEnd() === header.trimEnd()) continue;
        const kept = { header: text, body: roll(4) ? body : body.slice(0, roll(body.length)) };
        if (!roll(2)) return joined(text, kept.body, roll(8) ? undefined : BigInt(roll(2 ** 16)));
        // a fitting digest proves nothing but that somebody made it: what is then accepted must be a right checkpoint
        const file = sealed(kept);
        if (isOther(partsOf(file).header, header) && Buffer.compare(file, bytes) !== 0) return file;
      }
    });
  });
}

/** Whether a header says something wrong, rather than something else that may be right: another seed, say. */
function isOther(header: string, original: string): boolean {
  try {
    const entries = (text: string) => {
      const { __metadata__: metadata, ...tensors } = JSON.parse(text);
      return { tensors: JSON.stringify(tensors), keys: Object.keys(metadata).join() };
    };
    const [now, then] = [entries(header), entries(original)];
    return now.tensors !== then.tensors || now.keys !== then.keys;
  } catch {
    return true;
  }
}
