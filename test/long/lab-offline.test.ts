import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exerciseFiles, solutionOf } from '../../src/practice/exercises.ts';
import { chromiumPath } from '../lab.ts';

// The page on a host of files, which may go away once it was open: to write in it, and to train what was written.

const lab = fileURLToPath(new URL('../../lab/', import.meta.url));
const types: Readonly<Record<string, string>> = {
  ...{ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' },
  ...{ '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json', '.png': 'image/png' },
};

describe.skipIf(chromiumPath === undefined)('without a network, after the first time', () => {
  let server: Server;
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    await build({ root: lab, configFile: join(lab, 'vite.config.ts'), mode: 'static', logLevel: 'warn' });
    server = createServer(async ({ url }, answer) => {
      const name = new URL(url!, 'http://here').pathname.slice(1) || 'index.html';
      const text = await readFile(join(lab, 'static', name)).catch(() => undefined);
      if (text === undefined) answer.writeHead(404).end();
      else answer.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(text);
    });
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test('shapes are checked and a learner’s functions train, in a frame that the page does not reach', async () => {
    const files = Object.fromEntries(exerciseFiles.map(file => [file, solutionOf(file)]));
    files['passes.ts'] = files['passes.ts']!.replace('const x0 = x;', 'const x0 = x;\n  const wrong: string = 1;');
    const kept = JSON.stringify({ revision: '1', follows: '', files, backups: {}, progress: '', isForeign: false });
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(100_000);
    await page.addInitScript(text => {
      if (origin !== 'null') localStorage.setItem('longhand practical', text);
    }, kept);
    const copied = () =>
      page.evaluate(async () => {
        await navigator.serviceWorker.ready;
        const copies = await Promise.all((await caches.keys()).map(async name => (await caches.open(name)).keys()));
        return copies.flat().some(({ url }) => /\/typing-[^/]*$/.test(url));
      });
    const underlined = async () => {
      await page.getByRole('button', { name: 'forwardPass' }).click();
      await page.locator('.cm-lintRange-error', { hasText: /^wrong$/ }).waitFor();
    };
    await page.goto(address);
    expect(await copied()).toBe(false); // the compiler is for those who write
    await page.goto(`${address}#stage=write&size=tiny&hidden=6&steps=3`);
    await page.reload();
    await underlined();
    await expect.poll(copied).toBe(true);

    server.closeAllConnections();
    await new Promise(closed => server.close(closed));
    await page.reload();
    await underlined();
    await page.getByRole('radio', { name: 'Mine' }).check();
    await page.getByText('Thin: Longhand’s own functions').waitFor();
    const frames = await page.evaluate(() =>
      [...document.querySelectorAll('iframe')].map(({ contentDocument }) => contentDocument),
    );
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.every(reached => reached === null)).toBe(true);
  });
});
