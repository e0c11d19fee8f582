import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as longhand from '../src/index.ts';
import { bits } from './bits.js';
import { sha256Of } from './made-files.ts';
import { mnistIsHere, wantsMnist } from './mnist-here.ts';

// What Node and a browser must agree on to the bit. The page loads the built files as they are, with an import map in
// place of a bundler.

const executable = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  path => path !== undefined && existsSync(path),
);
if (executable === undefined)
  console.warn('browser.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

describe.skipIf(executable === undefined)('in Chromium', () => {
  let server: Server;
  const asked: string[] = [];
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = new URL(request.url!, 'http://localhost').pathname;
      asked.push(path);
      // these two headers let a page share memory between threads
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      if (path === '/') {
        response.setHeader('Content-Type', 'text/html');
        const imports = {
          '#platform': '/dist/platform/browser.js',
          '@noble/hashes/sha2.js': '/node_modules/@noble/hashes/sha2.js',
        };
        response.end(`<script type="importmap">${JSON.stringify({ imports })}</script>`);
      } else if (/^\/(dist(\/[\w-]+(\.\w+)?)+|test\/bits|node_modules\/@noble\/hashes\/\w+)\.js$/.test(path)) {
        response.setHeader('Content-Type', 'text/javascript');
        response.end(readFileSync(new URL(`..${path}`, import.meta.url)));
      } else if (mnistIsHere && path.startsWith('/data/mnist/')) {
        const file = join(process.env.PYTORCH_DATA_DIR!, path.slice('/data/'.length));
        response.statusCode = existsSync(file) ? 200 : 404;
        response.end(existsSync(file) ? readFileSync(file) : '');
      } else {
        response.statusCode = 404;
        response.end();
      }
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
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

  describe('in a page by plain http from another machine, where the browser computes no checksum', () => {
    let page: Page;
    beforeAll(async () => {
      page = await browser.newPage();
      await page.goto(`http://teachers-laptop:${(server.address() as AddressInfo).port}/`);
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
      asked.length = 0;
      expect(await load("dataset: 'kmnist'")).toBe(
        'KMNIST is not in data, nor in its subfolders kmnist, kmnist/KMNIST/raw, KMNIST/raw; folders are relative to the ' +
          `page, ${page.url()}. Put train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, ` +
          't10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz into one of these',
      );
      const places = ['kmnist/', 'kmnist/KMNIST/raw/', 'KMNIST/raw/', ''];
      expect(asked.filter(path => path.startsWith('/data'))).toEqual(
        places.flatMap(place => ['.gz', ''].map(ending => `/data/${place}train-images-idx3-ubyte${ending}`)),
      );
    });
  });
});
