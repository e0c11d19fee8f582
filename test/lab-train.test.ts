import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, type OpenedLab, startLab } from './lab.ts';

if (chromiumPath === undefined)
  console.warn('lab-train.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

describe.skipIf(chromiumPath === undefined)('the lab', () => {
  let lab: OpenedLab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab?.close());

  test('trains at one click, and stops at another', async () => {
    const page = await lab.open();
    await page.getByRole('button', { name: 'Play' }).click();
    await page.waitForFunction(() => Number(document.querySelector('.count .number')?.textContent) > 10);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    expect(await page.getByRole('slider', { name: /Back in time/ }).inputValue()).not.toBe('0');
  });

  test('trains on while the middle of the page shows one thing after another', async () => {
    const page = await lab.open({ query: '#size=tiny&speed=max' });
    await page.getByRole('button', { name: 'Play' }).click();
    // a moment may come just when a panel is gone; what throws then is seen when the lab is closed
    await page.evaluate(async () => {
      const stages = [...document.querySelectorAll<HTMLButtonElement>('.stages button')];
      for (let i = 0; i < 60; i++) {
        stages[i % stages.length]!.click();
        await new Promise(resolve => setTimeout(resolve, 5 + (i % 20)));
      }
    });
    await page.getByRole('button', { name: 'Play again' }).waitFor();
  });
});
