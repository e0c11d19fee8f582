import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { gridKey } from '../lab/page/grid-keys.ts';
import { confusionOf, pageStart, samplesOf, strengthOf } from '../lab/panels/confused.ts';
import { namedStep, reach, signed, stepName } from '../lab/panels/scale.ts';
import { columnsFor } from '../lab/panels/tiles.ts';
import { Session } from '../lab/training/session.ts';
import { loadData, type OneHotData, type Tensor } from '../src/index.ts';
import { defaults } from '../src/settings/table.ts';
import { chromiumPath, type OpenedLab, startLab } from './lab.ts';
import { longTest, test } from './one-in.ts';

test('a scale reaches as far as all numbers but the few that may be beyond, to within 1%', () => {
  const numbers = Float32Array.from({ length: 1000 }, (_, i) => (i % 2 ? 1 : -1) * (i + 1) * 1e-7);
  for (const [beyond, farthest] of [
    [0, 1e-4],
    [0.02, 980e-7],
    [0.5, 500e-7],
  ] as const) {
    const reached = reach(numbers, beyond);
    expect(reached).toBeGreaterThanOrEqual(Math.fround(farthest));
    expect(reached).toBeLessThan(1.01 * farthest);
  }
  expect(reach(Float32Array.of(NaN, 0.5, Infinity), 0)).toBeCloseTo(0.5, 2);
  expect(reach(new Float32Array(7), 0)).toBe(0);
});

test('scales grow in steps that have names', () => {
  const named = [1.6e-6, 2e-6, 2.1e-6, 0.0101, 0.05, 0.051, 1, 7, 0, NaN].map(value => stepName(namedStep(value)));
  expect(named).toEqual(['2 × 10⁻⁶', '2 × 10⁻⁶', '5 × 10⁻⁶', '0.02', '0.05', '0.1', '1', '10', '1', '1']);
  expect([0.19123, -0.0004, -1.5, NaN].map(value => signed(value, 0.2))).toEqual(['+0.191', '0.000', '−1.500', 'NaN']);
  expect(signed(-1.94e-6, 5e-6)).toBe('−1.94 × 10⁻⁶');
  expect(signed(12.34, 20)).toBe('+12.3');
});

test('tiles fill the width in rows that are nearly as long, and never too small for a finger', () => {
  for (const width of [284, 514, 700, 1154])
    for (const count of [1, 2, 10, 50, 64, 100, 200]) {
      const columns = columnsFor(width, count);
      const rows = Math.ceil(count / columns);
      expect(width / columns).toBeGreaterThanOrEqual(28);
      expect(columns * rows - count).toBeLessThan(rows);
    }
});

test('arrow keys go through a grid and stay in it', () => {
  const go = (key: string, at: number, ctrlKey = false) => gridKey({ key, ctrlKey }, at, 23, 10);
  expect(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'].map(key => go(key, 12))).toEqual([
    11, 13, 2, 22, 10, 19,
  ]);
  expect([go('ArrowLeft', 0), go('ArrowUp', 5), go('ArrowDown', 15), go('ArrowRight', 22)]).toEqual([0, 5, 15, 22]);
  expect([go('End', 21), go('End', 0, true), go('Home', 21, true), go('a', 3)]).toEqual([22, 22, 0, undefined]);
});

test('counts what is taken for what, and finds the digits of a cell and the place of a page', () => {
  const [labels, said] = [Uint8Array.of(0, 1, 2, 2, 1, 2), Uint8Array.of(0, 2, 2, 1, 1, 1)];
  expect([...confusionOf(labels, said, 3)]).toEqual([1, 0, 0, 0, 1, 1, 0, 2, 1]);
  expect([...samplesOf(labels, said, undefined)]).toEqual([1, 3, 5]);
  expect([...samplesOf(labels, said, { label: 2, said: 1 })]).toEqual([3, 5]);
  expect([...samplesOf(labels, said, { label: 0, said: 0 })]).toEqual([0]);
  const samples = Uint32Array.of(3, 8, 9, 20, 31);
  expect([0, 8, 10, 32].map(from => pageStart(samples, from, 2))).toEqual([0, 1, 3, 3]);
  expect([0, 0.01, 0.1, 0.3, 1].map(share => strengthOf(share, false))).toEqual([0, 1, 3, 5, 5]);
  expect([0, 0.3, 1].map(share => strengthOf(share, true))).toEqual([0, 1, 4]);
});

if (chromiumPath === undefined)
  console.warn('lab-units.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

describe.skipIf(chromiumPath === undefined)('in the lab', () => {
  let lab: OpenedLab;
  let page: Page;
  let session: Session;
  beforeAll(async () => {
    lab = await startLab();
    page = await lab.open();
    const data = (await loadData({
      ...{ dataset: 'drawn', oneHotLabels: true, normalize: true, log: () => {} },
    })) as OneHotData;
    session = await Session.begin({ ...defaults, dataset: 'drawn' }, data, 1);
  });
  afterAll(async () => {
    await session?.dispose();
    await lab?.close();
  });

  const goTo = async (step: number): Promise<void> => {
    await page.getByRole('slider', { name: /Back in time/ }).fill(String(step));
    await page.waitForFunction(step => Number(document.querySelector('.count .number')?.textContent) === step, step);
    await session.goTo(step);
  };
  const voices = (): Promise<string[]> => page.locator('.voices td.number').allTextContents();
  const numbersOf = async (name: 'w1' | 'w2') => {
    const parameters = await session.training.engine.parameters();
    return (parameters[name] as unknown as Tensor<number[]>).elements();
  };
  /** The scale on which at most one number in fifty is beyond; found by sorting. */
  const scaleOf = (numbers: ArrayLike<number>): number => {
    const sorted = Array.from(numbers, Math.abs).sort((a, b) => b - a);
    return namedStep(sorted[Math.floor(sorted.length / 50)]!);
  };

  longTest(
    'a unit shows the weights that the training has at that step, on a scale that grows with them and says so',
    async () => {
      for (const step of [0, 20, 70]) {
        await goTo(step);
        const w2 = await numbersOf('w2');
        await page.getByRole('radio', { name: 'unit 37' }).hover();
        await page.getByRole('heading', { name: 'Unit 37' }).waitFor();
        const expected = Array.from({ length: 10 }, (_, digit) => signed(w2[50 * digit + 37]!, scaleOf(w2)));
        await expect.poll(voices).toEqual(expected);
        const full = stepName(scaleOf(await numbersOf('w1')));
        await expect.poll(() => page.locator('.legend').textContent()).toContain(`−${full}`);
      }
      await page.getByLabel('same for the whole run').check();
      await expect.poll(() => page.locator('.legend').textContent()).toContain('−0.2');
      expect(await page.getByText('below 1% of this scale').count()).toBe(0);
      await goTo(0);
      await page.getByText('below 1% of this scale').waitFor();
      await page.getByLabel('same for the whole run').uncheck();
    },
  );

  longTest('what is under the pointer stays there, and lives, while it trains', async () => {
    await goTo(60);
    await page.getByRole('radio', { name: 'unit 12' }).hover();
    const before = await voices();
    await page.getByRole('button', { name: 'Play' }).press('Enter');
    await page.waitForFunction(() => Number(document.querySelector('.count .number')?.textContent) > 63);
    expect(await page.getByRole('heading', { name: 'Unit 12' }).isVisible()).toBe(true);
    expect(await page.locator('.grown').getAttribute('data-unit')).toBe('12');
    await expect.poll(voices).not.toEqual(before);
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    await page.getByRole('button', { name: 'Play' }).waitFor();
  });

  longTest('day and night have colours of their own, and a change paints anew', async () => {
    await goTo(70);
    const corner = () =>
      page.locator('.pixels canvas').evaluate((canvas: HTMLCanvasElement) => {
        const [red = 0, green = 0, blue = 0] = canvas.getContext('2d')!.getImageData(14, 0, 1, 1).data;
        return red + green + blue;
      });
    await expect.poll(corner).toBeGreaterThan(600);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(corner).toBeLessThan(200);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  longTest('the keyboard chooses a unit, and reads a pixel of it', async () => {
    await goTo(70);
    await page.getByRole('radio', { name: 'unit 0', exact: true }).focus();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    const unit = Number(await page.getByRole('radio', { name: /^unit/, checked: true }).inputValue());
    expect(unit).toBeGreaterThan(9);
    await page.getByRole('heading', { name: `Unit ${unit}` }).waitFor();
    const pixels = page.getByRole('slider', { name: /pixel of the large unit/ });
    await pixels.focus();
    await page.keyboard.press('ArrowDown');
    const w1 = await numbersOf('w1');
    const weight = signed(w1[784 * unit + 28 * 15 + 14]!, scaleOf(w1));
    await expect.poll(() => pixels.getAttribute('aria-valuetext')).toBe(`row 15, column 14: ${weight}`);
  });

  longTest('the matrix counts, a cell shows its digits, and a digit is followed', async () => {
    await goTo(70);
    const { engine, data } = session.training;
    const said = Array.from((await engine.responses('test')).argmax(1).elements());
    const labels = Array.from(data.testTarget.argmax(1).elements());
    const matrix = page.getByRole('table', { name: /How many test digits/ });
    const counted = (label: number, taken: number) =>
      labels.flatMap((other, i) => (other === label && said[i] === taken ? [i] : []));
    const cells = Array.from({ length: 100 }, (_, at) => ({ label: Math.floor(at / 10), taken: at % 10 }));
    const expected = cells.map(({ label, taken }) => {
      const count = counted(label, taken).length;
      return `${label === taken ? `${label} read right` : `${label} taken for ${taken}`}: ${count} “${count || ''}”`;
    });
    const shown = () =>
      matrix
        .getByRole('button')
        .evaluateAll(all => all.map(({ ariaLabel, textContent }) => `${ariaLabel} “${textContent}”`));
    await expect.poll(shown).toEqual(expected);
    const wrong = labels.flatMap((label, i) => (label === said[i] ? [] : [i]));
    const misread = page.getByRole('region', { name: 'What is taken for what' });
    await expect
      .poll(() => misread.textContent())
      .toContain(`${wrong.length} of 1,000 misread, ${(wrong.length / 10).toFixed(1)}%`);

    const digits = page.getByRole('region', { name: 'Its mistakes' }).getByRole('listitem').getByRole('button');
    const nameOf = (i: number) => `${labels[i]} → ${said[i]}, test digit ${i}`;
    const names = () => digits.evaluateAll(all => all.map(digit => digit.ariaLabel));
    await expect.poll(names).toEqual(wrong.slice(0, 16).map(nameOf));
    await page.getByRole('button', { name: 'More digits' }).click();
    await expect.poll(names).toEqual(wrong.slice(16, 32).map(nameOf));

    // the largest mistake, by the keyboard
    const { label, taken } = cells
      .filter(cell => cell.label !== cell.taken)
      .reduce((a, b) => (counted(b.label, b.taken).length > counted(a.label, a.taken).length ? b : a));
    await matrix.getByRole('button').first().focus();
    for (let i = 0; i < label; i++) await page.keyboard.press('ArrowDown');
    for (let i = 0; i < taken; i++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const chosen = counted(label, taken);
    await expect.poll(names).toEqual(chosen.slice(0, 16).map(nameOf));
    await page.keyboard.press('Enter');
    await expect.poll(names).toEqual(wrong.slice(0, 16).map(nameOf));

    await page.getByRole('button', { name: nameOf(wrong[1]!) }).hover();
    await page.getByText(`Test digit ${wrong[1]}: true ${labels[wrong[1]!]}, said ${said[wrong[1]!]}.`).waitFor();
    await page.getByRole('button', { name: nameOf(wrong[1]!) }).click();
    const follow = page.getByRole('button', { name: 'Follow one sample' });
    await expect.poll(() => follow.getAttribute('aria-pressed')).toBe('true');
    const index = page.getByRole('region', { name: 'Follow one sample' }).getByRole('spinbutton');
    await expect.poll(() => index.inputValue()).toBe(String(wrong[1]));
    await page.getByRole('button', { name: 'The hidden units' }).click();
  });

  longTest('digits keep their places under the pointer while it trains', async () => {
    await page.mouse.move(0, 0);
    await goTo(45);
    const digits = page.getByRole('region', { name: 'Its mistakes' }).getByRole('listitem').getByRole('button');
    const names = () => digits.evaluateAll(all => all.map(digit => digit.ariaLabel!));
    const samples = async () => (await names()).map(name => Number(/\d+$/.exec(name)![0]));
    const { engine, data } = session.training;
    const said = Array.from((await engine.responses('test')).argmax(1).elements());
    const labels = data.testTarget.argmax(1).elements();
    const wrong = said.flatMap((said, i) => (said === labels[i] ? [] : [i]));
    await expect.poll(samples).toEqual(wrong.slice(0, 16));
    await digits.nth(5).hover();
    const before = { samples: await samples(), names: await names() };
    await page.getByRole('slider', { name: /Back in time/ }).fill('70');
    await page.waitForFunction(() => Number(document.querySelector('.count .number')?.textContent) === 70);
    await expect.poll(samples).toEqual(before.samples);
    await expect.poll(names).not.toEqual(before.names);
    await page.mouse.move(0, 0);
    await expect.poll(samples).not.toEqual(before.samples);
  });
});
