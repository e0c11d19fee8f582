import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

// The lab in a real Chromium, for the tests of its panels.

export const chromiumPath: string | undefined = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
].find(path => path !== undefined && existsSync(path));

const root = fileURLToPath(new URL('..', import.meta.url));

/** The lab, served and opened. */
export interface OpenedLab {
  readonly address: string;
  readonly browser: Browser;
  /** A page of the lab, its first training ready; what its console says of errors fails the test that closes it. */
  open(options?: BrowserContextOptions & { query?: string }): Promise<Page>;
  close(): Promise<void>;
}

export async function startLab(): Promise<OpenedLab> {
  const { address, stop } = await serve();
  const browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'],
  });
  const errors: string[] = [];
  return {
    address,
    browser,
    async open({ query = '', ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      context.setDefaultTimeout(100_000); // for what hangs; Playwright's own 30 s are too few on a machine that is busy
      const page = await context.newPage();
      page.on('pageerror', error => errors.push(error.message));
      page.on('console', message => message.type() === 'error' && errors.push(message.text()));
      await page.goto(`${address}${query}`);
      await page.waitForFunction(() => document.querySelector('.play:not(:disabled)') !== null);
      return page;
    },
    async close() {
      await browser.close();
      await stop();
      if (errors.length > 0) throw new Error(`the page's console: ${errors.join('; ')}`);
    },
  };
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

async function serve(): Promise<{ address: string; stop: () => Promise<void> }> {
  const server = createServer(({ url }, answer) => {
    const path = new URL(url!, 'http://here').pathname;
    const file = join(root, 'lab/dist', path === '/' ? 'index.html' : path);
    const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    if (!existsSync(file)) answer.writeHead(404, headers).end();
    else answer.writeHead(200, { ...headers, 'content-type': types[extname(file)] ?? '' }).end(readFileSync(file));
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    stop: () => new Promise(closed => server.close(() => closed())),
  };
}
