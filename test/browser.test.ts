import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
    expect(inNode['a network, saved, loaded and saved']).toBe(inNode['a network, saved']);
    for (const kind of ['a training by the kernels', 'a training on dense inputs']) {
      const values = Object.entries(inNode).filter(([name]) => name.startsWith(kind));
      expect(values).toHaveLength(5);
      expect(new Set(values.map(([, checksum]) => checksum)).size).toBe(1);
    }
  });
});
