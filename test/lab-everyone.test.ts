import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { chromiumPath, type OpenedLab, startLab, violations } from './lab.ts';
import { oneIn, sharedTest, test } from './one-in.ts';

if (chromiumPath === undefined)
  console.warn('lab-everyone.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

/** What the middle of the page can show: its button, and its heading. */
const stages = [
  ['The hidden units', 'What the hidden units look for'],
  ['Follow one sample', 'Follow one sample'],
  ['Draw a digit', 'Draw a digit'],
] as const;
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

    test.each(stages)('axe finds nothing: %s', async (button, heading) => {
      await show(page, button, heading);
      expect(await violations(page)).toEqual([]);
    });

    test.each(['Open or save', 'Share'])('axe finds nothing: %s', async dialog => {
      await page.getByRole('button', { name: dialog, exact: true }).click();
      await page.getByRole('dialog').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });
  });

  sharedTest.each(oneIn(2, Object.entries(sizes)))('nothing is wider than a %s', async (_, [width, height]) => {
    const browser = await page.context().newCDPSession(page);
    await browser.send('Emulation.setCPUThrottlingRate', { rate: 4 }); // what is there for a moment is seen
    const resized = widest(page, width);
    await page.setViewportSize({ width, height });
    expect(await resized).toBe(width);
    await browser.detach();
    for (const [button, heading] of stages) {
      const look = widest(page, width);
      await show(page, button, heading);
      expect(await look).toBe(width);
    }
  });
});

/** Has the middle of the page show this, and waits until it is there. */
async function show(page: Page, button: string, heading: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByRole('region', { name: heading, exact: true }).waitFor();
}

/** How wide the page is at its widest in the half second from when its window is so wide, on screen or not yet painted. */
const widest = (page: Page, window: number): Promise<number> =>
  page.evaluate(async window => {
    let width = 0;
    let end = Infinity;
    for (; performance.now() < end; await new Promise(resolve => setTimeout(resolve, 5))) {
      if (innerWidth !== window && end === Infinity) continue;
      end = Math.min(end, performance.now() + 500);
      width = Math.max(width, document.documentElement.scrollWidth);
    }
    return width;
  }, window);
