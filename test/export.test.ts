import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { thisHost } from '../src/platform/durable/mark.ts';
import { predict } from '../src/predict/predict.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../src/run/checkpoint.ts';
import { jsonOf } from '../src/run/export/json.ts';
import { npzOf } from '../src/run/export/npz.ts';
import { onnxOf } from '../src/run/export/onnx.ts';
import { empty, Generator, type Tensor } from '../src/tensor/index.ts';
import { madeCheckpoint, practicalCheckpoint } from './checkpoints.ts';
import { randomNumbers } from './drawn-back.ts';
import { readOnnx } from './onnx-reader.ts';
import { outcomesOf } from './outcomes.ts';

const longhand = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'longhand-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** 784-50-10 with weights of the size that training gives them, so that the responses are far from 0 and from ±1. */
function network(): Checkpoint {
  const generator = new Generator(3);
  const drawn = (std: number, ...size: number[]) => empty(size).normal_(0, std, generator) as Tensor;
  const parameters = { w1: drawn(0.05, 50, 784), b1: drawn(0.1, 50), w2: drawn(0.2, 10, 50), b2: drawn(0.1, 10) };
  return { ...practicalCheckpoint(), parameters: parameters as unknown as Checkpoint['parameters'] };
}

function images(count: number): Uint8Array[] {
  const random = randomNumbers(5);
  return Array.from({ length: count }, () =>
    Uint8Array.from({ length: 784 }, () => (random() < 0.8 ? 0 : Math.floor(256 * random()))),
  );
}

/** What a reader of ONNX makes of raw pixels, 784 an image. */
interface Answer {
  readonly names: { readonly inputs: readonly string[]; readonly outputs: readonly string[] };
  readonly dims: { readonly responses: readonly number[]; readonly class: readonly number[] };
  readonly classType: string;
  readonly responses: readonly number[];
  readonly classes: readonly number[];
}
type Reader = (model: Uint8Array, pixels: Float32Array) => Promise<Answer>;

const secondHand: Reader = async (file, pixels) => {
  const model = readOnnx(file);
  const input = { type: 'float32', dims: [pixels.length / 784, 784], data: [...pixels] } as const;
  const { responses, class: classes } = model.run({ pixels: input });
  return {
    names: { inputs: model.inputNames, outputs: model.outputNames },
    dims: { responses: responses!.dims, class: classes!.dims },
    classType: classes!.type,
    responses: responses!.data,
    classes: classes!.data,
  };
};

// 145 MB, so it is no dependency: `npm install --prefix FOLDER --ignore-scripts onnxruntime-web`, and ONNXRUNTIME=FOLDER
const installed = process.env.ONNXRUNTIME;
const onnxRuntime: Reader = async (file, pixels) => {
  const main = createRequire(join(installed!, 'package.json')).resolve('onnxruntime-web');
  const { default: ort } = await import(pathToFileURL(main).href);
  const session = await ort.InferenceSession.create(file, { executionProviders: ['wasm'] });
  const input = new ort.Tensor('float32', pixels, [pixels.length / 784, 784]);
  const { responses, class: classes } = await session.run({ pixels: input });
  return {
    names: { inputs: session.inputNames, outputs: session.outputNames },
    dims: { responses: responses.dims, class: classes.dims },
    classType: classes.type,
    responses: [...responses.data],
    classes: [...classes.data].map(Number),
  };
};

describe.each<[string, boolean, Reader]>([
  ['a second hand', true, secondHand],
  [`ONNX Runtime${installed ? '' : ' (skipped: not in $ONNXRUNTIME)'}`, installed !== undefined, onnxRuntime],
])('ONNX, read by %s', (_, isHere, read) => {
  test.skipIf(!isHere)('raw pixels give the same classes, and the responses to 1e-5', async () => {
    const checkpoint = network();
    const batch = images(64);
    const answer = await read(onnxOf(checkpoint), Float32Array.from(batch.flatMap(image => [...image])));
    expect(answer.names).toEqual({ inputs: ['pixels'], outputs: ['responses', 'class'] });
    expect(answer.dims).toEqual({ responses: [64, 10], class: [64] });
    expect(answer.classType).toBe('int64');

    let furthest = 0;
    for (const [n, image] of batch.entries()) {
      const own = await predict(checkpoint, image);
      expect(answer.classes[n]).toBe(own.class);
      for (const [c, response] of own.responses.entries())
        furthest = Math.max(furthest, Math.abs(response - answer.responses[10 * n + c]!));
    }
    expect(furthest).toBeLessThan(1e-5);
  });

  test.skipIf(!isHere)('the first of equal responses is the class', async () => {
    const made = network();
    const { w1, b1, w2, b2 } = made.parameters;
    const same = { w1, b1, w2: w2.mul(0), b2: b2.mul(0) } as Checkpoint['parameters'];
    expect((await read(onnxOf({ ...made, parameters: same }), new Float32Array(784))).classes).toEqual([0]);
  });
});

describe('the second hand refuses an ONNX file', () => {
  const good = onnxOf(network());
  /** The file with a text in it replaced by another one of the same length. */
  const replaced = (text: string, by: string): Uint8Array => {
    const at = Buffer.from(good).indexOf(text, 0, 'latin1');
    expect(at).toBeGreaterThan(0);
    const file = Uint8Array.from(good);
    file.set(Buffer.from(by, 'latin1'), at);
    return file;
  };

  test.each([
    ['of an operator that is not known', () => replaced('Tanh', 'Tann'), /Tann of s1 with \[\] is not known here/],
    ['of an attribute that is not known', () => replaced('transB', 'transC'), /Gemm of x0,w1,b1 .*transC/],
    [
      'whose matrix is not transposed',
      () => replaced('transB\x18\x01', 'transB\x18\x00'),
      /Gemm of \[1,784\], \[50,784\]/,
    ],
    ['that names what is not there', () => replaced('x0\n\x02w1', 'x0\n\x02w9'), /Gemm of x0,w9,b1: not all/],
    ['of another format', () => Uint8Array.from(good).fill(3, 1, 2), /^format 3 /],
    ['that is cut short', () => good.subarray(0, good.length - 4), /^it ends after/],
  ])('%s', async (_, make, why) => {
    await expect(secondHand(make(), new Float32Array(784))).rejects.toThrow(why);
  });
});

describe('npz', () => {
  const checkpoint = madeCheckpoint();

  test('is the same file every time', () => {
    expect(npzOf(checkpoint)).toEqual(npzOf(madeCheckpoint()));
  });

  test('holds arrays in the format of numpy', () => {
    const files = unzipSync(npzOf(checkpoint));
    expect(Object.keys(files)).toEqual(
      ['w1', 'b1', 'w2', 'b2', 'mean', 'std', 'input_shape'].map(name => `${name}.npy`),
    );
    for (const bytes of Object.values(files)) {
      expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
      const start = 10 + bytes[8]! + 256 * bytes[9]!;
      expect(start % 64).toBe(0);
      expect(bytes[start - 1]).toBe(10);
    }
    const header = new TextDecoder().decode(files['w1.npy']!.subarray(10, 128)).trim();
    expect(header).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 6), }");
    const w1 = new Float32Array(files['w1.npy']!.slice(128).buffer);
    expect([...w1]).toEqual([...checkpoint.parameters.w1.elements()]);
  });

  const python = ['/usr/bin/python3', 'python3'].find(
    name => spawnSync(name, ['-c', 'import numpy'], { timeout: 20_000 }).status === 0,
  );
  test.skipIf(python === undefined)(`numpy opens it${python ? '' : ' (skipped: no Python with numpy)'}`, () => {
    const file = join(folder, 'network.npz');
    writeFileSync(file, npzOf(checkpoint));
    const program = `import numpy, json, sys
net = numpy.load(sys.argv[1])
print(json.dumps({name: [str(net[name].dtype), net[name].shape, net[name].tolist()] for name in net}))`;
    const read = JSON.parse(execFileSync(python!, ['-c', program, file], { encoding: 'utf8' }));
    const { parameters, normalisation } = checkpoint;
    expect(read).toEqual({
      w1: ['float32', [4, 6], parameters.w1.tolist()],
      b1: ['float32', [4], parameters.b1.tolist()],
      w2: ['float32', [2, 4], parameters.w2.tolist()],
      b2: ['float32', [2], parameters.b2.tolist()],
      mean: ['float64', [], normalisation.mean],
      std: ['float64', [], normalisation.std],
      input_shape: ['int32', [3], [1, 2, 3]],
    });
  });
});

test('JSON gives back the same bits, and what docs/formats.md says', () => {
  const checkpoint = network();
  const read = JSON.parse(new TextDecoder().decode(jsonOf(checkpoint)));
  expect(Object.keys(read)).toEqual(
    [...readFileSync(new URL('../docs/formats.md', import.meta.url), 'utf8').matchAll(/^\| `(\w+)` \|/gm)].map(
      m => m[1],
    ),
  );
  expect(read.trained).toEqual({ step: 0, ...checkpoint.settings });
  for (const name of ['w1', 'b1', 'w2', 'b2'] as const) {
    const { shape, data } = read.parameters[name];
    expect(shape).toEqual(checkpoint.parameters[name].shape);
    expect(Float32Array.from(data)).toEqual(Float32Array.from(checkpoint.parameters[name].elements()));
  }
});

describe('the command', () => {
  const run = join(folder, 'checkpoint.safetensors');
  beforeAll(async () => writeFileSync(run, await encodeCheckpoint(network())));
  const longhandExport = (...args: string[]) =>
    spawnSync(process.execPath, [longhand, 'export', ...args], { encoding: 'utf8' });

  test('writes into the folder of the run, or where it is told', async () => {
    expect(longhandExport(folder, '--to', 'safetensors')).toMatchObject({ status: 0, stderr: '' });
    const file = join(folder, 'network.safetensors');
    expect((await decodeCheckpoint(readFileSync(file), file)).parameters.b2).toEqual(network().parameters.b2);
    const other = join(folder, 'other.onnx');
    const { status, stdout } = longhandExport(run, '--to', 'onnx', '--out', other);
    expect([status, stdout]).toEqual([0, `${other}: ${readFileSync(other).length} bytes\n`]);
  });

  test('refuses what it cannot do, and says why', () => {
    const cases: [string, string[], number, RegExp][] = [
      ['an unknown format', [folder, '--to', 'pickle'], 2, /Allowed choices are safetensors, npz, onnx, json/],
      ['no format', [folder], 2, /required option '--to <format>'/],
      ['no run', [join(folder, 'nothing'), '--to', 'npz'], 1, /nothing.*there is no such file.*train --out/],
      ['a folder that is not there', [folder, '--to', 'npz', '--out', join(folder, 'no', 'x')], 1, /cannot be written/],
      ['a folder for a file', [folder, '--to', 'npz', '--out', folder], 1, /cannot be written: a folder stands where/],
      [
        'the file of a run',
        [folder, '--to', 'npz', '--out', join(folder, 'checkpoint.safetensors')],
        1,
        /belongs to a run/,
      ],
    ];
    const outcomes = outcomesOf(cases.map(([, args]) => ['export', ...args]));
    for (const [i, { code, stdout, stderr }] of outcomes.entries()) {
      const [name, , wanted, why] = cases[i]!;
      expect({ name, code, stdout }).toEqual({ name, code: wanted, stdout: '' });
      expect(stderr).toMatch(why);
      expect(stderr).not.toMatch(/defect|at .*\.js:/);
    }
  });

  test('replaces a file and not the link to it, and sweeps what a killed export left', () => {
    const place = mkdtempSync(join(folder, 'links-'));
    writeFileSync(join(place, 'old.json'), 'old');
    writeFileSync(join(place, `old.json.999999999@${thisHost}.0123456789abcdef.tmp`), 'half');
    symlinkSync(join(place, 'old.json'), join(place, 'link'));
    expect(longhandExport(run, '--to', 'json', '--out', join(place, 'link')).status).toBe(0);
    expect(readdirSync(place).sort()).toEqual(['link', 'old.json']);
    expect(lstatSync(join(place, 'link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(place, 'old.json')).equals(jsonOf(network()))).toBe(true);
  });

  test.skipIf(process.platform === 'win32')('writes into a pipe, and to standard output', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const script = `cat "$0" > "$0.read" & "$1" "$2" export "$3" --to json --out "$0" && wait`;
    spawnSync('sh', ['-c', script, pipe, process.execPath, longhand, run]);
    const json = new TextDecoder().decode(jsonOf(network()));
    expect(readFileSync(`${pipe}.read`, 'utf8') === json).toBe(true);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    expect(longhandExport(run, '--to', 'json', '--out', '-').stdout === json).toBe(true);
  });

  test('refuses a checkpoint that is damaged', () => {
    const bytes = readFileSync(run);
    bytes[bytes.length - 1]! ^= 1;
    const broken = join(folder, 'broken.safetensors');
    writeFileSync(broken, bytes);
    const { status, stderr } = longhandExport(broken, '--to', 'json', '--out', join(folder, 'broken.json'));
    expect(status).toBe(1);
    expect(stderr).toMatch(/broken\.safetensors: is damaged/);
    expect(existsSync(join(folder, 'broken.json'))).toBe(false);
  });
});
