import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Parameters } from '../src/index.ts';
import * as longhand from '../src/index.ts';
import { bits } from './bits.js';

// What Node and a browser must agree on to the bit. The page loads the built files as they are, with an import map in
// place of a bundler.

const executable = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  path => path !== undefined && existsSync(path),
);
if (executable === undefined)
  console.warn('browser.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

describe.skipIf(executable === undefined)('in Chromium', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = new URL(request.url!, 'http://localhost').pathname;
      // these two headers let a page share memory between threads
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      if (path === '/') {
        response.setHeader('Content-Type', 'text/html');
        response.end('<script type="importmap">{ "imports": { "#platform": "/dist/platform/browser.js" } }</script>');
      } else if (/^\/(dist(\/[\w-]+(\.\w+)?)+|test\/bits)\.js$/.test(path)) {
        response.setHeader('Content-Type', 'text/javascript');
        response.end(readFileSync(new URL(`..${path}`, import.meta.url)));
      } else {
        response.statusCode = 404;
        response.end();
      }
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({
      executablePath: executable!,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'],
    });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test('random numbers, functions, drawn digits and a training have the bits that they have in Node', async () => {
    const inPage = await page.evaluate(
      "import('/test/bits.js').then(async t => t.bits(await import('/dist/index.js')))",
    );
    const inNode = await bits(longhand);
    expect(inPage).toEqual(inNode);
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
});
