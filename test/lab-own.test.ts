import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JudgeOptions } from '../src/practice/judge/judge.ts';
import type { Sources } from '../src/practice/protocol.ts';
import { chromiumPath } from './lab.ts';
import { oneIn } from './one-in.ts';
import type { own as OwnOfThePage } from './own/page.ts';
import { type OwnPage, serveOwnPage } from './own-page.ts';
import { mistakenWork, rightWork, verdictOn } from './practice-suite.ts';

// A learner's code in the page: judged in a thread of it, answered in a frame without an origin.

if (chromiumPath === undefined)
  console.warn('lab-own.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

declare global {
  var own: typeof OwnOfThePage;
}

describe.skipIf(chromiumPath === undefined)('a learner’s code in the page', () => {
  let served: OwnPage;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    served = await serveOwnPage();
    browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', '--disable-gpu'] });
    page = await browser.newPage();
    await page.goto(served.address);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  const check = (sources: Sources, options: JudgeOptions) =>
    page.evaluate(([sources, options]) => own.check(sources, options), [sources, options] as const);

  test.each(oneIn(10, [...mistakenWork, ...rightWork]))(
    'the verdict is that of Node, letter by letter: $name',
    async work => {
      const checked = await check({ 'mine.ts': work.source }, { seed: 1 });
      expect(JSON.stringify(checked!.verdict)).toBe(JSON.stringify(await verdictOn(work, 1)));
    },
  );
});
