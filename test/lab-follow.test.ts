import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alike, figure } from '../lab/sample/figures.ts';
import { linesOf } from '../lab/sample/lines.ts';
import { type Way, wayOf } from '../lab/sample/way.ts';
import { Session } from '../lab/training/session.ts';
import { loadData, type OneHotData } from '../src/index.ts';
import { SATURATED } from '../src/plateau.ts';
import * as functions from '../src/practical.ts';
import { defaults } from '../src/settings/table.ts';
import { chromiumPath, type OpenedLab, startLab } from './lab.ts';

if (chromiumPath === undefined)
  console.warn('lab-follow.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

const STEP = 150;

describe.skipIf(chromiumPath === undefined)('following one sample in the lab', () => {
  let lab: OpenedLab;
  let page: Page;
  let session: Session;
  let way: Way;
  const network = async () => {
    const { w1, b1, w2, b2 } = await session.training.engine.parameters();
    const copy = (numbers: ArrayLike<number>) => Float32Array.from(numbers);
    return { w1: copy(w1.elements()), b1: copy(b1.elements()), w2: copy(w2.elements()), b2: copy(b2.elements()) };
  };

  beforeAll(async () => {
    lab = await startLab();
    page = await lab.open();
    await goTo(STEP);
    // the same training here: its bits are the same everywhere
    const options = { dataset: 'drawn', oneHotLabels: true, normalize: true, log: () => {} } as const;
    session = await Session.begin({ ...defaults, dataset: 'drawn' }, (await loadData(options)) as OneHotData, 1);
    await session.goTo(STEP);
    const source = readFileSync(new URL('../src/practical.ts', import.meta.url), 'utf8');
    const { trainInput, trainTarget } = session.training.problem;
    way = wayOf({ functions, lines: linesOf({ 'src/practical.ts': source }) }, await network(), {
      x: trainInput.select(0, 0).elements() as Float32Array,
      target: trainTarget.select(0, 0).elements() as Float32Array,
    })!;
  });
  afterAll(async () => {
    await session?.dispose();
    await lab?.close();
  });

  async function goTo(step: number): Promise<void> {
    await page.getByRole('slider', { name: /Back in time/ }).evaluate((slider, step) => {
      (slider as HTMLInputElement).value = String(step);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }, step);
    await page.waitForFunction(step => Number(document.querySelector('.count .number')?.textContent) === step, step);
  }
  const door = (name: RegExp) => page.getByRole('region', { name: 'The mathematics' }).getByRole('button', { name });
  const opened = () => page.getByRole('tabpanel');

  test('a line of the mathematics opens its numbers, with the line of the practical that computed them', async () => {
    await door(/^s 1 is w 1 times x 0, plus b 1; 50 numbers$/).click();
    expect(await door(/^s 1 is/).getAttribute('aria-current')).toBe('true');
    expect(await page.getByRole('tab', { name: 's 1', exact: true }).getAttribute('aria-selected')).toBe('true');
    await opened().getByText(`src/practical.ts:${way.s1.lines[0]!.line}`).waitFor();
    await opened().getByText('const s1 = w1.mv(x0).add(b1);').waitFor();
    const cells = opened().getByRole('slider', { name: 's 1, unit by unit' });
    expect(await cells.getAttribute('aria-valuetext')).toBe(`s1[0] = ${figure(way.s1.numbers[0]!)}`);
    const saturated = Array.from(way.x1.numbers).filter(x => Math.abs(x) > SATURATED).length;
    expect(saturated).toBeGreaterThan(0);
    await opened()
      .getByText(new RegExp(`${saturated} of 50 units (is|are) saturated`))
      .waitFor();
  });

  test('a page without the hidden units follows a sample from its start', async () => {
    const other = await lab.open({ query: '#dataset=drawn&hide=units' });
    await other.getByRole('tabpanel').getByText('const s1 = w1.mv(x0).add(b1);').waitFor();
    await other.getByRole('slider', { name: 's 1, unit by unit' }).waitFor();
    await other.context().close();
  });

  test('the keyboard leads along the way, and along the entries of a value', async () => {
    await page.getByRole('tab', { name: 's 1', exact: true }).press('ArrowRight');
    const cells = opened().getByRole('slider', { name: 'x 1, unit by unit' });
    await cells.press('End');
    await cells.press('ArrowLeft');
    const isSaturated = Math.abs(way.x1.numbers[48]!) > SATURATED;
    expect(await cells.getAttribute('aria-valuetext')).toBe(
      `x1[48] = ${figure(way.x1.numbers[48]!)}${isSaturated ? ', saturated' : ''}`,
    );
    await opened()
      .getByText(`= tanh ${figure(way.s1.numbers[48]!)}`.replace(/tanh (−.*)/, 'tanh ($1)'))
      .waitFor();
    // the unit is followed on
    await opened().getByRole('button', { name: 'on to s 2' }).press('Enter');
    await page.getByRole('tab', { name: 's 2', exact: true }).press('End');
    expect(await opened().getByRole('slider').getAttribute('aria-valuetext')).toContain('[48] = ');
    await door(/^x 2 is/).press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'open-value');
    const label = Array.from(way.t.numbers).indexOf(Math.max(...Array.from(way.t.numbers)));
    expect(await opened().getByRole('button', { pressed: true }).textContent()).toMatch(
      new RegExp(`^${label}${alike(Math.max(...Array.from(way.x2.numbers, Math.abs)))(way.x2.numbers[label]!)}`),
    );
  });

  test('a weight before and after one step, as the step then takes it', async () => {
    await door(/^the gradient by w 1 is/).click();
    await opened().getByRole('spinbutton', { name: 'Hidden unit' }).fill('7');
    await opened().getByRole('slider', { name: 'its weights: unit 7, pixel by pixel' }).press('ArrowDown');
    const place = 784 * 7 + 406 + 28;
    const before = (await network()).w1[place]!;
    const { gradients } = await session.lookAhead();
    const sum = gradients.w1.elements()[place]!;
    await session.next();
    const after = (await network()).w1[place]!;
    const inFigures = alike((0.1 / 1000) * sum);
    const numberOf = (name: string) => opened().locator('dl div', { hasText: name }).locator('dd');
    await numberOf('after').getByText(inFigures(after), { exact: true }).waitFor();
    expect(await numberOf('before').textContent()).toBe(inFigures(before));
    await opened().getByText('w1.sub_(dlDw1.mul(eta));').waitFor();
    await opened().getByText('This sample’s part: 1 of 1,000').waitFor();

    await opened().getByRole('button', { name: 'Check the slope numerically' }).click();
    const [slope, derivative] = await opened().locator('.check dd').allTextContents();
    expect(slope!.slice(0, 7)).toBe(derivative!.slice(0, 7));

    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await page.waitForFunction(
      ([before]) => document.querySelector('.before-after dd')?.textContent !== before,
      [inFigures(before)],
    );
    const digits = (text: string) =>
      Number(
        text
          .replace('−', '-')
          .replace('·10', 'e')
          .replace(/[⁻⁰¹²³⁴-⁹]/g, c => '-0123456789'['⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c)]!),
      );
    expect(digits((await numberOf('before').textContent())!)).toBeCloseTo(after, 5);
  });

  test('another sample is followed: a misread one, and those of the test set, from which nothing is learned', async () => {
    await goTo(60);
    const sample = page.getByRole('region', { name: 'Follow one sample' });
    await sample.getByRole('button', { name: 'A misread one' }).click();
    await sample.getByText('misread as').waitFor();
    const index = () => sample.getByRole('spinbutton', { name: /Number of the sample/ }).inputValue();
    await expect.poll(index).not.toBe('0');
    await sample.getByRole('combobox', { name: 'Set' }).selectOption('Test');
    await sample.getByText('A test sample has no part in the step').waitFor();
    await sample.getByRole('button', { name: 'the sample after' }).click();
    await expect.poll(index).toBe('1');
  });
});
