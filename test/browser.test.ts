import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Parameters } from '../src/index.ts';
import * as longhand from '../src/index.ts';
import { bits } from './bits.js';
import { type BuiltPages, serveBuilt } from './built-pages.ts';
import { sha256Of } from './made-files.ts';
import { mnistIsHere, wantsMnist } from './mnist-here.ts';
import { longTest, test } from './one-in.ts';

// What Node and a browser must agree on to the bit. The page loads the built files as they are, with an import map in
// place of a bundler.

const executable = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  path => path !== undefined && existsSync(path),
);
if (executable === undefined)
  console.warn('browser.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

describe.skipIf(executable === undefined)('in Chromium', () => {
  let pages: BuiltPages;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    pages = await serveBuilt();
    browser = await chromium.launch({
      executablePath: executable!,
      args: [
        '--host-resolver-rules=MAP teachers-laptop 127.0.0.1',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-sync',
        '--no-first-run',
      ],
    });
    page = await browser.newPage();
    await page.goto(pages.address);
  });

  /** What happens in a page with this content security policy: the losses of a few steps, or an error's name and message. */
  async function under(policy: string, threads?: number): Promise<unknown> {
    const strict = await browser.newPage();
    try {
      await strict.goto(`${page.url()}?policy=${encodeURIComponent(policy)}`);
      return await strict.evaluate(`(async () => {
        const { initialParameters, manualSeed, randn, wasmEngine } = await import('/dist/index.js');
        manualSeed(3);
        const problem = { trainInput: randn(300, 9), trainTarget: randn(300, 2), testInput: randn(9, 9),
          testTarget: randn(9, 2), errorBelow: 0.5 };
        const parameters = initialParameters({ inputs: 9, hidden: 20, classes: 2 }, 0.3);
        try {
          const engine = await wasmEngine(problem, parameters, ${JSON.stringify({ threads })});
          const losses = [];
          for (let i = 0; i < 3; i++) losses.push((await engine.step(0.001)).loss);
          await engine.dispose();
          return losses;
        } catch (error) {
          return error.name + ': ' + error.message;
        }
      })()`);
    } finally {
      await strict.close();
    }
  }

  afterAll(async () => {
    await browser?.close();
    pages?.close();
  });

  test('random numbers, functions, drawn digits, a training and what is predicted have the bits that they have in Node', async () => {
    const inPage = await page.evaluate(
      "import('/test/bits.js').then(async t => t.bits(await import('/dist/index.js')))",
    );
    const inNode = await bits(longhand);
    expect(inPage).toEqual(inNode);
    expect(inNode['a network, saved, loaded and saved']).toBe(inNode['a network, trained and saved']);
    for (const kind of ['a training by the kernels', 'a training on dense inputs']) {
      const values = Object.entries(inNode).filter(([name]) => name.startsWith(kind));
      expect(values).toHaveLength(5);
      expect(new Set(values.map(([, checksum]) => checksum)).size).toBe(1);
    }
  });

  test('reads what is drawn on a canvas as Node reads the same pixels', async () => {
    const drawOn = `(async () => {
      const { Generator, predict, empty, zeros } = await import('/dist/index.js');
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 100;
      const pen = canvas.getContext('2d');
      pen.lineWidth = 8;
      pen.strokeRect(30, 20, 30, 60);
      const generator = new Generator(1);
      const drawn = (...size) => empty(size).normal_(0, 0.1, generator);
      const parameters = { w1: drawn(5, 784), b1: drawn(5), w2: drawn(10, 5), b2: zeros(10) };
      const network = { parameters, normalisation: { mean: 33, std: 78 }, inputShape: [1, 28, 28], classes: 10 };
      const fromCanvas = await predict(network, pen.getImageData(0, 0, 100, 100));
      return { pixels: [...fromCanvas.pixels], responses: fromCanvas.responses };
    })()`;
    const inPage = (await page.evaluate(drawOn)) as { pixels: number[]; responses: number[] };
    const { Generator, empty, zeros, predict } = longhand;
    const generator = new Generator(1);
    const drawn = (...size: number[]) => empty(size).normal_(0, 0.1, generator);
    const parameters = { w1: drawn(5, 784), b1: drawn(5), w2: drawn(10, 5), b2: zeros(10) } as unknown as Parameters;
    const network = { parameters, normalisation: { mean: 33, std: 78 }, inputShape: [1, 28, 28], classes: 10 } as const;
    expect((await predict(network, inPage.pixels)).responses).toEqual(inPage.responses);
    const inked = [...inPage.pixels.keys()].filter(p => inPage.pixels[p]! > 0).map(p => Math.floor(p / 28));
    expect(Math.max(...inked) - Math.min(...inked)).toBe(19);
  });

  longTest('where a page forbids workers from blobs one thread does all, unless threads were asked for', async () => {
    const free = await under("script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:");
    expect(free).toHaveLength(3);
    const policy = "worker-src 'self'";
    expect(await under(policy)).toEqual(free);
    expect(await under(policy, 1)).toEqual(free);
    expect(await under(policy, 2)).toMatch(
      /^ThreadError: startThreads: a worker did not start: .*threads: 1 needs none$/,
    );
  });

  test('where a page forbids WebAssembly the error names what to add to its policy', async () => {
    const message = await under("script-src 'self' 'unsafe-inline'");
    expect(message).toMatch(/^LonghandError: wasmEngine: this page's content security policy forbids WebAssembly/);
    expect(message).toContain("'wasm-unsafe-eval'");
    expect(message).not.toContain('\n');
    expect(await under("script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'", 1)).toHaveLength(3);
  });

  describe('in a page by plain http from another machine, where the browser computes no checksum', () => {
    let page: Page;
    beforeAll(async () => {
      page = await browser.newPage();
      await page.goto(`http://teachers-laptop:${pages.port}/`);
      expect(await page.evaluate('[isSecureContext, typeof crypto.subtle]')).toEqual([false, 'undefined']);
    });
    afterAll(() => page.close());

    test.each([0, 1, 55, 56, 64, 1000])('that of %d bytes is right', async length => {
      const inPage = await page.evaluate(
        `import('/dist/platform/browser.js').then(p => p.sha256(Uint8Array.from({ length: ${length} }, (_, i) => i)))`,
      );
      expect(inPage).toBe(sha256Of(Uint8Array.from({ length }, (_, i) => i)));
    });

    /** Loads a set there, and gives what came of it: the source, or the error's message. */
    const load = (options: string) =>
      page.evaluate(
        `import('/dist/index.js').then(({ loadData }) => loadData({ ${options}, log: () => {} }))` +
          '.then(({ source }) => source, error => error.message)',
      );

    test.skipIf(!mnistIsHere)(`MNIST is loaded${wantsMnist}`, async () => {
      expect(await load('tiny: true')).toBe('data/mnist');
    });

    test('a set that is not there is asked for a few times only, and the error says where it should be', async () => {
      pages.asked.length = 0;
      expect(await load("dataset: 'kmnist'")).toBe(
        'KMNIST is not in data, nor in its subfolders kmnist, kmnist/KMNIST/raw, KMNIST/raw; folders are relative to the ' +
          `page, ${page.url()}. Put train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, ` +
          't10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz into one of these',
      );
      const places = ['kmnist/', 'kmnist/KMNIST/raw/', 'KMNIST/raw/', ''];
      expect(pages.asked.filter(path => path.startsWith('/data'))).toEqual(
        places.flatMap(place => ['.gz', ''].map(ending => `/data/${place}train-images-idx3-ubyte${ending}`)),
      );
    });
  });
});
