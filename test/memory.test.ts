import { execFile } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { allocate } from '../src/engine/memory.ts';
import { LonghandError } from '../src/index.ts';
import { peakOfGoneEngines } from './gone-engines.ts';

// The full set's: long/memory.test.ts.

test('engines that are gone leave their memory to those that come', async () => {
  // 27 MB each: 550 MB in all where nothing is given back
  const peak = await peakOfGoneEngines({ samples: 6000, inputs: 20, hidden: 800, engines: 16 });
  expect(peak).toBeLessThan(450);
}, 120_000);

const command = fileURLToPath(new URL('../dist/cli/longhand.js', import.meta.url));

/** `longhand train` under a limit that the shell sets. */
function limited(limit: string, args: string, env: Record<string, string> = {}) {
  const line = `ulimit ${limit} && exec "$0" "$1" train --steps 1 ${args}`;
  return new Promise<{ code: number; stdout: string; stderr: string }>(resolve => {
    const options = { env: { ...process.env, ...env } };
    execFile('sh', ['-c', line, process.execPath, command], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test('more memory than the kernels reach, or than there is, is refused with its size', () => {
  expect(() => allocate(6e9, false)).toThrow(
    /^wasmEngine: these samples and hidden units want 6,000 MB of memory, more than the 4,294 MB that the kernels reach; /,
  );
  const { Memory } = WebAssembly;
  const full = new RangeError('WebAssembly.Memory(): could not allocate memory');
  try {
    // a machine on which a page is left, and no more
    WebAssembly.Memory = class extends Memory {
      constructor(size: WebAssembly.MemoryDescriptor) {
        if (size.initial > 1) throw full;
        super(size);
      }
    };
    let error: unknown;
    try {
      allocate(3e9, true);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(LonghandError);
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining('3,000 MB of memory, more than there is; take fewer'),
    );
    expect(error).toHaveProperty('cause', full);
  } finally {
    WebAssembly.Memory = Memory;
  }
});

test('without WebAssembly the error says which engine needs none, and that one trains', async () => {
  const train = (...args: string[]) =>
    new Promise<string>(resolve => {
      const without = 'data:text/javascript,delete globalThis.WebAssembly';
      const given = ['--import', without, command, 'train', '--tiny', '--dataset', 'drawn', '--steps', '1', ...args];
      execFile(process.execPath, given, (_, stdout, stderr) => resolve(stdout + stderr));
    });
  expect(await train()).toMatch(/^longhand: wasmEngine: there is no WebAssembly here .*\(--engine sample\)$/m);
  expect(await train('--engine', 'sample')).toContain('0 acc_train_loss 405.00');
}, 60_000);

describe.skipIf(process.platform !== 'linux')('where memory is short one line says what helps', () => {
  const tiny = '--tiny --dataset drawn';

  test('few addresses: WebAssembly on Node 20 reserves more of them than it is given', async () => {
    const { code, stdout, stderr } = await limited('-v 8000000', tiny);
    if (code === 0 && !process.version.startsWith('v20.')) {
      expect(stdout).toContain('0 acc_train_loss 405.00'); // Node 24 does with fewer
      return;
    }
    expect(code).toBe(1);
    expect(stderr).toMatch(/^longhand: wasmEngine: WebAssembly gets no memory here, however little: .*\n$/);
    expect(stderr).toContain('NODE_OPTIONS=--disable-wasm-trap-handler');
    expect(stderr).toContain('--engine sample');
  }, 60_000);

  test('and what it advises helps', async () => {
    const bySample = await limited('-v 8000000', `${tiny} --engine sample`);
    expect(bySample).toMatchObject({ code: 0, stdout: expect.stringContaining('0 acc_train_loss 405.00') });
    const NODE_OPTIONS = '--disable-wasm-trap-handler';
    const withoutHandler = await limited('-v 8000000', tiny, { NODE_OPTIONS });
    expect(withoutHandler).toMatchObject({ code: 0, stdout: expect.stringContaining('0 acc_train_loss 405.00') });
  }, 60_000);

  test('little memory: it is not a defect of longhand', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longhand-short-'));
    try {
      // 70,000 black pictures of a set of which no checksum is known
      for (const [name, count] of [
        ['train', 60_000],
        ['t10k', 10_000],
      ] as const) {
        const images = join(folder, `${name}-images-idx3-ubyte`);
        const labels = join(folder, `${name}-labels-idx1-ubyte`);
        await writeFile(images, Buffer.from([0, 0, 8, 3, ...bytesOf(count), ...bytesOf(28), ...bytesOf(28)]));
        await truncate(images, 16 + count * 784);
        await writeFile(labels, Buffer.from([0, 0, 8, 1, ...bytesOf(count)]));
        await truncate(labels, 8 + count);
      }
      const { code, stderr } = await limited(
        '-d 300000',
        `--full --dataset fashion-mnist --data-dir ${folder} --quiet`,
      );
      if (code === 0 && !process.version.startsWith('v20.')) return; // Node 26 does with less
      expect(code).toBe(1);
      expect(stderr).toMatch(/^longhand: there is too little memory .*\n$/);
      expect(stderr).toContain('--tiny');
      expect(stderr).not.toContain('defect');
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});

/** A whole number as an IDX file has it. */
function bytesOf(count: number): number[] {
  return [count >>> 24, (count >>> 16) & 255, (count >>> 8) & 255, count & 255];
}
