import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../src/run/checkpoint.ts';
import {
  bodyFlips,
  headerFlips,
  headerStorm,
  madeCheckpoint,
  type Parts,
  partsOf,
  practicalCheckpoint,
  refusal,
  sealed,
} from './checkpoints.ts';
import { temporaryFolder } from './made-files.ts';

/** Everything in a checkpoint, as something that can be compared. */
function contents({ parameters, generator, ...rest }: Checkpoint) {
  const tensors = Object.entries(parameters).map(([name, t]) => [name, t.dtype, t.shape, [...t.elements()]]);
  return { ...rest, generator: { ...generator, words: [...generator.words] }, tensors };
}

test('what is decoded is what was encoded', async () => {
  const many: Checkpoint[] = [
    madeCheckpoint(),
    madeCheckpoint({ step: 0, generator: { ...madeCheckpoint().generator, spareNormal: -0.1 } }),
    madeCheckpoint({
      settings: { ...madeCheckpoint().settings, seed: -5, dataset: 'drawn', eta: 1 / 3, size: 'tiny' },
    }),
    practicalCheckpoint(999),
  ];
  for (const checkpoint of many) {
    const bytes = await encodeCheckpoint(checkpoint);
    expect(contents(await decodeCheckpoint(bytes, 'c'))).toEqual(contents(checkpoint));
    expect(Buffer.compare(await encodeCheckpoint(await decodeCheckpoint(bytes, 'c')), bytes)).toBe(0);
  }
});

test('a few lines of Python read the file', async ({ skip }) => {
  const { folder, remove } = temporaryFolder();
  const checkpoint = madeCheckpoint();
  writeFileSync(join(folder, 'c.safetensors'), await encodeCheckpoint(checkpoint));
  const script = `
import json, struct
data = open('c.safetensors', 'rb').read()
n, = struct.unpack('<Q', data[:8])
header, buffer = json.loads(data[8:8 + n]), data[8 + n:]
metadata = header.pop('__metadata__')
assert n % 8 == 0 and all(type(value) is str for value in metadata.values())
tensors = {}
for name, about in header.items():
    assert about['dtype'] == 'F32'
    start, end = about['data_offsets']
    tensors[name] = [about['shape'], list(struct.unpack('<%df' % ((end - start) // 4), buffer[start:end]))]
assert end == len(buffer)
print(json.dumps({'step': int(metadata['step']), 'tensors': tensors}))
`;
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script], { cwd: folder, encoding: 'utf8' });
  remove();
  skip(status === null, 'python3 is not installed');
  expect(stderr).toBe('');
  const { w1, b1, w2, b2 } = checkpoint.parameters;
  const read = JSON.parse(stdout);
  expect(read.step).toBe(40);
  for (const [name, t] of Object.entries({ w1, b1, w2, b2 }))
    expect(read.tensors[name]).toEqual([t.shape, [...t.elements()]]);
});

test('parameters that do not go with the settings are not saved', async () => {
  const { w2, ...others } = madeCheckpoint().parameters;
  const parameters = { ...others, w2: w2.t() } as Checkpoint['parameters'];
  await expect(encodeCheckpoint(madeCheckpoint({ parameters }))).rejects.toThrow(
    'w2 is float32 [4, 2]; float32 [2, 4] was wanted',
  );
});

test('a network with a NaN or an infinity is not saved, and the checkpoint before it stays', async () => {
  const checkpoint = madeCheckpoint({ step: 1 });
  checkpoint.parameters.b2.fill_(Number.POSITIVE_INFINITY);
  await expect(encodeCheckpoint(checkpoint)).rejects.toThrow('b2 holds Infinity after 1 step, and is not saved');
});

test('a network that is too large to be read again is not saved', async () => {
  const large = madeCheckpoint({
    inputShape: [1, 28, 28],
    settings: { ...madeCheckpoint().settings, hidden: 690_000 },
  });
  await expect(encodeCheckpoint(large)).rejects.toThrow('690000 hidden units take 2172120008 bytes, of which at most');
});

// ————— files that are none —————

const whole = await encodeCheckpoint(madeCheckpoint());
const { header, body } = partsOf(whole);

/** The file with something else in its header, and a digest that fits. */
const replaced = (what: string | RegExp, by: string): Uint8Array => {
  const changed = header.replace(what, by);
  if (changed === header) throw new Error(`${what} is not in the header`);
  return sealed({ header: changed, body });
};
const entry = (key: string, value: string): Uint8Array =>
  replaced(new RegExp(`"${key}":"[^"]*"`), `"${key}":"${value}"`);
const withHeader = (text: string, rest: Partial<Parts> = {}): Uint8Array => sealed({ header: text, body, ...rest });
const bytesOf = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const withLength = (length: bigint): Uint8Array => sealed({ header, body }, length);
const withFloat = (x: number): Uint8Array => {
  const copy = body.slice();
  new DataView(copy.buffer).setFloat32(4 * 25, x, true);
  return sealed({ header, body: copy });
};
const w1 = '"w1":{"dtype":"F32","shape":[4,6],"data_offsets":[0,96]}';
const b1 = '"b1":{"dtype":"F32","shape":[4],"data_offsets":[96,112]}';
const shape = (text: string): Uint8Array => replaced('"shape":[4,6]', `"shape":${text}`);
const offsets = (text: string): Uint8Array => replaced('[96,112]', text);

const hostile: Record<string, [Uint8Array, string]> = {
  'an empty file': [bytesOf(), 'is empty'],
  'less than 8 bytes': [bytesOf(1, 2, 3, 4, 5, 6, 7), 'is cut short: 7 bytes'],
  'a header longer than the file': [withLength(20_000n), 'is cut short: a header of 20000 bytes'],
  'a header of more than 1 MiB': [
    withLength(2n ** 20n + 1n),
    'is no safetensors file: its header would be 1048577 bytes long, at most 1048576',
  ],
  'a header of 2^63 bytes': [withLength(2n ** 63n), 'its header would be 9223372036854775808 bytes long'],
  'a header that is not UTF-8': [
    Uint8Array.from([...bytesOf(4, 0, 0, 0, 0, 0, 0, 0), 0x7b, 0xff, 0xfe, 0x7d]),
    'its header is not UTF-8',
  ],
  'a header beyond ASCII': [replaced('"dataset":"mnist"', '"dataset":"mnïst"'), 'characters beyond ASCII'],
  'a header that is not JSON': [withHeader('hello'), '"h" at character 0, where "{" was wanted'],
  'a header that is no object': [withHeader('[1,2]'), '"[" at character 0, where "{" was wanted'],
  'a header that stops': [withHeader(header.slice(0, 300)), 'the end at character'],
  'junk after the header': [withHeader(`${header}{}`), 'where nothing but blanks was wanted'],
  'a key that appears twice': [replaced(w1, `${w1},${w1}`), 'the key "w1" appears twice'],
  'an entry that appears twice': [replaced('"step":"40"', '"step":"40","step":"41"'), 'the key "step" appears twice'],
  'a tensor called __proto__': [replaced(w1, `"__proto__":{},${w1}`), 'a tensor "__proto__", which no checkpoint has'],
  'an entry called __proto__': [
    replaced('"step":"40"', '"__proto__":"1","step":"40"'),
    'holds an unknown entry "__proto__"',
  ],
  'a tensor called constructor': [replaced(w1, `${w1},"constructor":{}`), 'a tensor "constructor"'],
  'an entry called constructor': [
    replaced('"step":"40"', '"step":"40","constructor":"x"'),
    'unknown entry "constructor"',
  ],
  'deep nesting': [withHeader(`{"a":${'['.repeat(500_000)}`), 'nested deeper than 4 levels'],
  'as many keys as fit': [
    withHeader(`{${Array.from({ length: 100_000 }, (_, i) => `"${i}":1`).join(',')}}`),
    'more than 200 entries',
  ],
  'an unknown type of numbers': [
    replaced('"w1":{"dtype":"F32"', '"w1":{"dtype":"F8_E5M2"'),
    'w1 is of the type "F8_E5M2"',
  ],
  'a shape with -1': [shape('[4,-1]'), 'the shape of w1 is [4, -1]'],
  'a shape with 1.5': [shape('[4,1.5]'), 'the shape of w1 is [4, 1.5]'],
  'a shape with 1e999': [shape('[4,1e999]'), 'the shape of w1 is [4, Infinity]'],
  'a shape with 2^53 + 1': [shape('[4,9007199254740993]'), 'the shape of w1 is [4, 9007199254740992]'],
  'a shape whose product is too large': [shape('[65536,65536]'), 'w1 is [65536, 65536], where [4, 6] goes'],
  'settings whose product is too large': [entry('hidden', '1000000'), 'w1 is [4, 6], where [1000000, 6] goes'],
  'a shape that is none': [shape('"4x6"'), 'the shape of w1 is "4x6"'],
  'offsets that overlap': [offsets('[92,108]'), 'b1 at 92 … 108 overlaps the tensor before it, which ends at 96'],
  'offsets with a hole': [offsets('[100,116]'), 'b1 at 100 … 116 leaves a hole after 96'],
  'offsets in reverse': [offsets('[112,96]'), 'b1 at 112 … 96 ends before it begins'],
  'offsets out of line': [offsets('[97,113]'), 'b1 at 97 … 113 does not begin at a multiple of 4'],
  'offsets that do not fit the shape': [offsets('[96,116]'), 'b1 at 96 … 116 takes 20 bytes, where its shape takes 16'],
  'offsets that leave the file': [
    withHeader(header, { body: body.slice(0, 100) }),
    'b1 at 96 … 112 leaves the 100 bytes that follow the header',
  ],
  'offsets that are none': [offsets('[96]'), 'the offsets of b1 are [96]'],
  'bytes at the end': [
    withHeader(header, { body: Uint8Array.of(...body, 0, 0) }),
    'is too long: its tensors take 152 bytes of the 154',
  ],
  'a tensor missing': [replaced(`,${b1}`, ''), 'lacks the tensor b1'],
  'a tensor too many': [replaced(b1, `${b1},"w3":{}`), 'holds a tensor "w3"'],
  'a tensor of the wrong shape': [shape('[6,4]'), 'w1 is [6, 4], where [4, 6] goes with the settings'],
  'a tensor described by more': [replaced('"shape":[4,6]', '"shape":[4,6],"strides":[6,1]'), 'unknown "strides"'],
  'NaN among the weights': [withFloat(NaN), 'b1 holds NaN at place 1'],
  'an infinite weight': [withFloat(-Infinity), 'b1 holds -Infinity at place 1'],
  'a future version': [entry('version', '3'), 'written by version 3, this reads up to 2. Update longhand'],
  'a negative step': [entry('step', '-1'), 'its step is "-1"; a whole number from 0'],
  'a step beyond the total': [entry('step', '101'), 'its step 101 lies beyond the 100 steps of the run'],
  'a step that is none': [entry('step', '1e3'), 'its step is "1e3"'],
  'no generator': [replaced(/,"generator_words":"[^"]*"/, ''), 'lacks the entry generator_words'],
  'half a generator': [entry('generator_words', '00'), 'its generator_words is "00"; 624 words'],
  'a generator beyond its words': [entry('generator_next', '625'), 'its generator_next is "625"'],
  'a spare value that is none': [entry('generator_spare_normal', '7ff0000000000000'), 'a finite number was wanted'],
  'a data set that nobody knows': [entry('dataset', 'imagenet'), 'its dataset is "imagenet"; one of mnist'],
  'an engine that is none': [entry('engine', 'gpu'), 'its engine is "gpu"; one of wasm, batch, sample was wanted'],
  'a step size of 0': [entry('eta', '0'), 'its eta is "0"; a number greater than 0'],
  'an entry that is no string': [replaced('"step":"40"', '"step":40'), 'its step is no string'],
  'no digest': [replaced(/"digest":"[^"]*",/, ''), 'lacks the entry digest'],
  "somebody else's network": [withHeader(`{${w1}}`), 'is not a checkpoint of Longhand'],
};

test.each(Object.entries(hostile))('%s is refused', async (_, [bytes, why]) => {
  const message = await refusal(bytes);
  expect(message).toContain(why);
  expect(message).toMatch(/^c\.safetensors: [^\n]{1,300}$/);
});

test('each of them is refused for a reason of its own', async () => {
  const messages = await Promise.all(Object.values(hostile).map(([bytes]) => refusal(bytes)));
  expect(new Set(messages).size).toBe(messages.length);
});

test('a file that is cut short is refused, wherever it is cut', async () => {
  const bytes = await encodeCheckpoint(practicalCheckpoint());
  const start = bytes.length - partsOf(bytes).body.length;
  for (let length = 0; length < bytes.length; length += length < start ? 1 : 4096)
    expect(await refusal(bytes.subarray(0, length)), `${length} bytes`).toBeDefined();
});

// all of them, and more damage: test/long/checkpoints.test.ts
test('a file with any bit of its header flipped is refused: one in seven, which takes turns in the bytes', async () => {
  const { bits, accepted } = await headerFlips(7);
  expect(bits).toBeGreaterThan(5000);
  expect(accepted).toBe(0);
});

test('a file with a bit of its body flipped is refused, 500 times', async () => {
  expect(await bodyFlips(500, 1)).toBe(0);
});

test('10,000 files with random damage to their header are refused', async () => {
  expect(await headerStorm(10_000, 1)).toBe(0);
});
