import { afterAll, beforeAll, describe, expect } from 'vitest';
import { chromiumPath, type OpenedLab, startLab } from './lab.ts';
import { longTest, test } from './one-in.ts';

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

  longTest('trains on while the middle of the page shows one thing after another', async () => {
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

  longTest('nothing beside the big button moves, whatever it says', async () => {
    const page = await lab.open({ query: '#size=tiny&steps=5&speed=max&large=yes' });
    const places = () =>
      page.evaluate(() =>
        ['.play', '.controls .button', '.count', '.speed', '.tools', '.notes'].map(name => {
          const { left, top } = document.querySelector(name)!.getBoundingClientRect();
          return [left, top];
        }),
      );
    await page.setViewportSize({ width: 1280, height: 720 });
    const before = await places();
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('button', { name: 'Play again' }).waitFor();
    expect(await places()).toEqual(before);
  });

  test('a link leads to a sample, to a line of its way and to the step', async () => {
    const page = await lab.open({ query: '#size=tiny&stage=sample&sample=test.7&value=dl_ds1&step=3' });
    await page.waitForFunction(() => Number(document.querySelector('.count .number')?.textContent) === 3);
    expect(await page.locator('#way-dl_ds1').getAttribute('aria-selected')).toBe('true');
    await page.getByRole('button', { name: 'Share' }).click();
    expect(await page.getByRole('textbox', { name: 'The link' }).inputValue()).toMatch(
      /stage=sample&sample=test\.7&value=dl_ds1&step=3$/,
    );
    await page.getByRole('checkbox', { name: /At this moment/ }).click();
    expect(await page.getByRole('textbox', { name: 'The link' }).inputValue()).toMatch(/value=dl_ds1$/);
  });

  test('after a click on what the middle shows the space bar plays', async () => {
    const page = await lab.open({ query: '#size=tiny&speed=max' });
    await page.getByRole('button', { name: 'Follow one sample', exact: true }).click();
    await page.keyboard.press('Space');
    await page.waitForFunction(() => Number(document.querySelector('.count .number')?.textContent) > 0);
    await page.getByRole('heading', { name: 'Follow one sample' }).waitFor();
    await page.context().close();
  });

  longTest('the keyboard comes past the bars, and Escape closes what was explained', async () => {
    const page = await lab.open({ query: '#size=tiny' });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('The hidden units');
    const why = page.getByRole('button', { name: 'What is “Seed”?' });
    await why.click();
    await page.keyboard.press('Escape');
    expect(await why.getAttribute('aria-expanded')).toBe('false');
  });
});
