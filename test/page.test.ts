import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { temporaryFolder } from './made-files.ts';
import { allOrOneIn, longTest, sharedTest, test } from './one-in.ts';

// The page of docs/page.md, as it is written there: built by Vite, it learns in Chromium and reads what is drawn.

const executable = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  path => path !== undefined && existsSync(path),
);
if (executable === undefined) console.warn('page.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

const root = fileURLToPath(new URL('..', import.meta.url));
const { folder, remove } = temporaryFolder();
afterAll(remove);

/** The files that the page is made of, each with its name in the first line. */
const files = [...readFileSync(join(root, 'docs/page.md'), 'utf8').matchAll(/^```\w+\n([\s\S]*?)^```$/gm)].map(
  ([, text]) => ({ name: /^(?:<!--|\/\/) (\S+)/.exec(text!)![1]!, text: text! }),
);

test('it is a page of thirty lines', () => {
  expect(files.map(({ name }) => name)).toEqual(['index.html', 'main.js', 'worker.js', 'vite.config.js']);
  const lines = files.slice(0, 3).flatMap(({ text }) => text.trim().split('\n').slice(1));
  expect(lines.length).toBeLessThanOrEqual(31);
});

type Stroke = readonly [[x: number, y: number], ...[x: number, y: number][]];

describe.skipIf(executable === undefined)('built by Vite, in Chromium', () => {
  const close: (() => Promise<unknown>)[] = [];
  let browser: Browser;

  beforeAll(async () => {
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/longhand'), 'junction');
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    const { build } = await import('vite');
    await build({ root: folder, logLevel: 'silent' });
    browser = await chromium.launch({ executablePath: executable!, args: ['--no-sandbox', '--disable-gpu'] });
    close.push(() => browser.close());
  });
  const learned: (string | null)[] = [];
  afterAll(async () => {
    for (const end of close.reverse()) await end();
  });

  /** Opens the page, waits until it has learned, draws these strokes, and gives what it answers. */
  async function read(page: Page, strokes: readonly Stroke[]): Promise<string> {
    const output = page.locator('output');
    const { x, y } = (await page.locator('canvas').boundingBox())!;
    for (const [[startX, startY], ...others] of strokes) {
      await page.mouse.move(x + startX, y + startY);
      await page.mouse.down();
      for (const [toX, toY] of others) await page.mouse.move(x + toX, y + toY, { steps: 5 });
      await page.mouse.up();
    }
    await expect.poll(() => output.textContent(), { timeout: 100_000 }).toMatch(/^a |^perhaps /);
    return (await output.textContent())!;
  }

  const ways: [name: string, isolated: boolean][] = [
    ['with the two headers it has threads', true],
    ['without them it has one, and learns the same', false],
  ];
  sharedTest.each(allOrOneIn(2, ways))('%s', async (_, isolated) => {
    const { preview } = await import('vite');
    const config = isolated ? {} : { configFile: false as const };
    const server = await preview({ root: folder, logLevel: 'silent', preview: { port: 0 }, ...config });
    close.push(() => server.close());
    const page = await browser.newPage();
    const wrong: string[] = [];
    page.on('pageerror', error => wrong.push(error.message));
    await page.goto(server.resolvedUrls!.local[0]!);
    expect(await page.evaluate('crossOriginIsolated')).toBe(isolated);
    const output = page.locator('output');
    await expect.poll(() => output.textContent(), { timeout: 100_000 }).toMatch(/^step 399: /);
    learned.push(await output.textContent());

    expect(
      await read(page, [
        [
          [140, 40],
          [138, 240],
        ],
      ]),
    ).toBe('a 1');
    await page.locator('button').click();
    const around = Array.from({ length: 25 }, (_, i): [number, number] => [
      140 + 60 * Math.cos((i * Math.PI) / 12),
      140 + 90 * Math.sin((i * Math.PI) / 12),
    ]);
    const zero: Stroke = [[200, 140], ...around];
    await output.evaluate(element => element.replaceChildren());
    expect(await read(page, [zero])).toBe('a 0');
    expect(wrong).toEqual([]);
  });

  longTest('to the same error on the digits that it did not learn from', () => {
    expect(learned).toHaveLength(2);
    expect(new Set(learned).size).toBe(1);
  });
});
