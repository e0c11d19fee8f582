import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serviceWorkerOf } from '../../lab/offline/build.ts';
import { POLICY } from '../../src/cli/serving/policy.ts';
import { chromiumPath, launchChromium } from '../lab.ts';
import { temporaryFolder } from '../made-files.ts';

// The page of `npm run lab:build` as somebody puts it into a folder of a host that hands out files and nothing else.

const root = fileURLToPath(new URL('../..', import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);

beforeAll(async () => {
  const { build } = await import('vite');
  const configFile = join(root, 'lab/vite.config.ts');
  await build({ configFile, mode: 'static', logLevel: 'error', build: { outDir: folder } });
});

const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

test('brings its policy along, before all that it is for, and can be installed', () => {
  const page = read('index.html').replaceAll('&#39;', "'");
  const [, policy] = /<head>\s*<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page)!;
  expect(policy).toBe(POLICY.slice(0, -1).join('; '));
  expect(POLICY.at(-1)).toMatch(/^frame-ancestors/); // the one that a page cannot say of itself
  const { icons, start_url, scope } = JSON.parse(read('manifest.webmanifest'));
  expect([start_url, scope]).toEqual(['./', './']);
  for (const { src, sizes } of icons) {
    const bytes = readFileSync(join(folder, src));
    if (!src.endsWith('.png')) continue;
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
  }
  const named = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, path]) => path!);
  expect(named.length).toBeGreaterThan(4);
  for (const path of named) {
    expect(path).toMatch(/^(\.\/)?[a-z]/);
    expect(existsSync(join(folder, path)), path).toBe(true);
  }
});

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** A host that knows nothing of the page: its files lie in a folder with a space and an umlaut in its name. */
class Host {
  readonly #server: Server;
  readonly asked: string[] = [];
  isDown = false;

  constructor() {
    this.#server = createServer(({ url }, response) => {
      const path = decodeURIComponent(url!.replace(/\?.*/, ''));
      this.asked.push(url!);
      const file = join(folder, path.replace('/some where/für/', '') || 'index.html');
      if (this.isDown) response.destroy();
      else if (!path.startsWith('/some where/für/') || !existsSync(file)) response.writeHead(404).end();
      else {
        const headers = { 'Content-Type': types[extname(file)] ?? '', 'Cache-Control': 'max-age=600' };
        response.writeHead(200, headers).end(readFileSync(file));
      }
    });
  }

  async start(): Promise<string> {
    await new Promise<void>(listening => this.#server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/some%20where/f%C3%BCr/`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

if (chromiumPath === undefined)
  console.warn('lab-static.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

describe.skipIf(chromiumPath === undefined)('in a folder of a host', () => {
  const host = new Host();
  let address: string;
  let browser: Awaited<ReturnType<typeof launchChromium>>;
  let context: BrowserContext;
  beforeAll(async () => {
    address = await host.start();
    browser = await launchChromium();
    context = await browser.newContext();
  });
  afterAll(async () => {
    await browser?.close();
    host.close();
  });

  const errors: string[] = [];
  /** A new tab with the page, its first training ready. */
  async function open(query = ''): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', error => errors.push(error.message));
    page.on('console', message => ['error', 'warning'].includes(message.type()) && errors.push(message.text()));
    await page.goto(address + query);
    await page.waitForFunction(() => document.querySelector('.play:not(:disabled)') !== null);
    return page;
  }
  async function train(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Play' }).click();
    await page.waitForFunction(() => Number(document.querySelector('.count .number')?.textContent) >= 3);
  }
  /** Puts another version there: its page has another title. */
  function publish(title: string): string {
    writeFileSync(
      join(folder, 'index.html'),
      read('index.html').replace(/<title>.*<\/title>/, `<title>${title}</title>`),
    );
    const worker = serviceWorkerOf(folder);
    writeFileSync(join(folder, 'service-worker.js'), worker);
    return /version = "(.*)"/.exec(worker)![1]!;
  }
  /** The versions that the browser keeps. */
  const kept = (page: Page): Promise<string[]> =>
    page.evaluate(async () => (await caches.keys()).map(name => name.split(' ').at(-1)!));
  /** Waits until this version is what the browser asks for pages. */
  const reaches = (version: string): Promise<void> =>
    expect
      .poll(
        () =>
          Promise.all(
            context.serviceWorkers().map(worker =>
              // one that has ended meanwhile does not answer
              worker.evaluate('[version, serviceWorker.state].join(" ")').catch(() => 'ended'),
            ),
          ),
        { timeout: 60_000 },
      )
      .toContain(`${version} activated`);

  test('trains in one thread, at once; asks for its own files and no other', async () => {
    const page = await open('?anything=1');
    expect(await page.evaluate('crossOriginIsolated')).toBe(false);
    await train(page);
    await page.evaluate('navigator.serviceWorker.ready');
    const inFolder = host.asked.filter(url => url.startsWith('/some%20where/f%C3%BCr/'));
    expect(inFolder).toEqual(host.asked);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(file => file.replaceAll('\\', '/'));
    const asked = host.asked.map(
      url => url.slice('/some%20where/f%C3%BCr/'.length).replace(/\?.*/, '') || 'index.html',
    );
    expect(asked.filter(file => !files.includes(file))).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('works without the host from the second time on, all that it loads later too', async () => {
    // but for the compiler of the editor: who never asked for it has no copy
    const before = await open();
    const compiler = readdirSync(join(folder, 'assets')).find(file => file.startsWith('typing-'));
    expect(await before.evaluate(async path => (await fetch(path)).status, `assets/${compiler}`)).toBe(200);
    await before.close();
    host.isDown = true;
    host.asked.length = 0;
    for (const query of ['', '?from=a%20link', 'index.html']) {
      const page = await open(query);
      await train(page);
      for (const file of readdirSync(join(folder, 'assets')))
        expect(await page.evaluate(async path => (await fetch(path)).status, `assets/${file}`)).toBe(200);
      await page.close();
    }
    // the browser looks for a newer version, which is not to be had now
    expect(host.asked.filter(url => !url.endsWith('/service-worker.js'))).toEqual([]);
    host.isDown = false;
    expect(errors.filter(error => !/service-worker|ERR_(EMPTY_RESPONSE|FAILED)/.test(error))).toEqual([]);
    errors.length = 0;
  });

  test('takes a new version the next time that it is opened, and keeps no more than the one before', async () => {
    const versions: string[] = [];
    let title = 'Longhand: see it learn';
    for (const next of ['the second', 'the third', 'the fourth']) {
      const version = publish(next);
      const page = await open();
      // as it was kept; meanwhile the new one is fetched, whole
      expect(await page.title()).toBe(title);
      await reaches(version);
      await page.reload();
      await page.waitForFunction(() => document.querySelector('.play:not(:disabled)') !== null);
      expect(await page.title()).toBe(next);
      versions.push(version);
      expect((await kept(page)).length).toBeLessThanOrEqual(2);
      title = next;
      await page.close();
    }
    const page = await open();
    expect((await kept(page)).sort()).toEqual(versions.slice(-2).sort());
    expect(errors).toEqual([]);
    await page.close();
  });

  test('of a version that is half there it takes nothing', async () => {
    publish('the fifth');
    const page = read('index.html');
    writeFileSync(join(folder, 'index.html'), page.replace('the fifth', 'the fourth')); // not yet copied there
    const opened = await open();
    const tried = await opened.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      let installing: ServiceWorker | null = null;
      while (installing === null) installing = (await registration.update()).installing; // it may be over before it is seen
      while (installing.state === 'installing') await new Promise(resolve => setTimeout(resolve, 10));
      return installing.state;
    });
    expect(tried).toBe('redundant');
    await opened.reload();
    await opened.waitForFunction(() => document.querySelector('.play:not(:disabled)') !== null);
    expect(await opened.title()).toBe('the fourth');
    // when it is opened it is tried again, and a copy is there meanwhile
    await expect.poll(() => kept(opened), { timeout: 60_000 }).toHaveLength(2);
    await opened.close();
  });
});
