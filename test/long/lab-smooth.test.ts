import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, type OpenedLab, startLab } from '../lab.ts';
import { tasksOf } from '../long-tasks.ts';

if (chromiumPath === undefined)
  console.warn('lab-smooth.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

/** The browser's own limit, in milliseconds: what takes longer is a long task, and the page does not answer meanwhile. */
const LONG = 50;

describe.skipIf(chromiumPath === undefined)('the page while it trains as fast as it goes', () => {
  let lab: OpenedLab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab?.close());

  test('never works longer than 50 ms at a time, and a listener that does is seen', async () => {
    const page = await lab.open();
    await page.getByRole('slider', { name: /^Speed/ }).press('End');
    const whileTraining = await tasksOf(lab, page, async () => {
      await page.locator('.play').click();
      await page.waitForFunction(() => Number(document.querySelector('.count .number')?.textContent) > 300, undefined, {
        timeout: 0,
      });
      await page.locator('.play').click();
      await page.getByText('The least test error').waitFor({ state: 'attached' });
    });
    expect(whileTraining.length).toBeGreaterThan(50);
    expect(Math.max(...whileTraining)).toBeLessThan(LONG);

    await page.evaluate(() =>
      addEventListener('keydown', () => {
        let sum = 0;
        for (let i = 0; i < 2e8; i++) sum += Math.sqrt(i);
        document.title += sum > 0 ? '' : ' ';
      }),
    );
    const whileBlocked = await tasksOf(lab, page, () => page.keyboard.press('Shift'));
    expect(Math.max(...whileBlocked)).toBeGreaterThan(LONG);
  });
});
