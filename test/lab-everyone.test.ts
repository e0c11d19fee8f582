import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, type OpenedLab, startLab, violations } from './lab.ts';

if (chromiumPath === undefined)
  console.warn('lab-everyone.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

const stages = ['The hidden units', 'Follow one sample', 'Draw a digit'];
const sizes = {
  laptop: [1280, 800],
  tablet: [820, 1180],
  phone: [390, 844],
  'small phone': [360, 640],
  'laptop at 400%': [320, 256],
} as const;

describe.skipIf(chromiumPath === undefined)('the lab is for everyone', () => {
  let lab: OpenedLab;
  let page: Page;
  beforeAll(async () => {
    lab = await startLab();
    page = await lab.open({ query: '#size=tiny&steps=60&speed=max' });
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.getByRole('button', { name: 'Play again' }).waitFor();
  });
  afterAll(() => lab?.close());

  describe.each(['light', 'dark'] as const)('in %s colours', colorScheme => {
    beforeAll(() => page.emulateMedia({ colorScheme }));

    test.each(stages)('axe finds nothing: %s', async stage => {
      await page.getByRole('button', { name: stage, exact: true }).click();
      expect(await violations(page)).toEqual([]);
    });

    test.each(['Open or save', 'Share'])('axe finds nothing: %s', async dialog => {
      await page.getByRole('button', { name: dialog, exact: true }).click();
      await page.getByRole('dialog').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });
  });

  test.each(Object.entries(sizes))('nothing is wider than a %s', async (_, [width, height]) => {
    await page.setViewportSize({ width, height });
    for (const stage of stages) {
      const look = widest(page);
      await page.getByRole('button', { name: stage, exact: true }).click();
      expect(await look).toBe(width);
    }
  });
});

/** How wide the page is at its widest in the next half second, on screen or not yet painted. */
const widest = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    let width = 0;
    for (const end = performance.now() + 500; performance.now() < end; ) {
      width = Math.max(width, document.documentElement.scrollWidth);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    return width;
  });
