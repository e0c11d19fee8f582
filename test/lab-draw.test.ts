import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type Read, Reader } from '../lab/drawing/reader.ts';
import { type Drawing, type Point, pictureOf, pictureOfImage, SHEET, Sheet } from '../lab/drawing/sheet.ts';
import { tilesFor, unitAt } from '../lab/drawing/tiles.ts';
import { answerInWords, reasonInWords, signed } from '../lab/drawing/words.ts';
import { Session } from '../lab/training/session.ts';
import { loadData, manualSeed, type OneHotData, type Parameters, predict, randn } from '../src/index.ts';
import { defaults, type Settings } from '../src/settings/table.ts';
import { chromiumPath, type OpenedLab, startLab } from './lab.ts';
import { longTest, test } from './one-in.ts';

const settings: Settings = { ...defaults, dataset: 'drawn' };
const about = { settings, inputShape: [1, 28, 28], normalisation: { mean: 33, std: 78 }, classes: 10 } as const;

const strokes = (...lines: (readonly (readonly [number, number])[])[]): Drawing => ({
  image: undefined,
  strokes: lines.map(line => ({ erases: false, points: line.map(([x, y]) => ({ x, y, radius: 0.04 })) })),
});
const one = strokes([
  [0.5, 0.2],
  [0.48, 0.5],
  [0.5, 0.8],
]);

/** Made parameters, as tensors and as the page has them. */
function network(scale: number): { parameters: Parameters; numbers: Record<'w1' | 'b1' | 'w2' | 'b2', Float32Array> } {
  manualSeed(3);
  const parameters = {
    ...{
      w1: randn(12, 784).mul(scale),
      b1: randn(12).mul(scale),
      w2: randn(10, 12).mul(scale),
      b2: randn(10).mul(scale),
    },
  } as unknown as Parameters;
  const numbers = Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [name, Float32Array.from(tensor.elements())]),
  ) as Record<keyof Parameters, Float32Array>;
  return { parameters, numbers };
}

function readingOf(read: Read) {
  if (read.kind !== 'reading') throw new Error(JSON.stringify(read));
  return read.reading;
}

describe('a drawing', () => {
  const { parameters, numbers } = network(0.2);
  const told = { about, moment: { step: 7, parameters: numbers } };

  test('is read as predict reads a canvas of the same pixels, in numbers and in what the network is shown', async () => {
    const sheet = new Sheet();
    sheet.show(one);
    const picture = pictureOf(sheet);
    const reading = readingOf(new Reader().read({ ...told, drawing: { picture } }));
    const wanted = await predict({ ...about, parameters }, picture);
    expect(reading).toMatchObject({ class: wanted.class, responses: wanted.responses, doubts: wanted.doubts, step: 7 });
    expect(reading.pixels).toEqual(wanted.pixels);
    // what the units say, with b2, is s2: its tanh is the response
    expect(reading.says.length).toBe(12);
    expect(Math.tanh(reading.sum)).toBeCloseTo(wanted.responses[wanted.class]!, 5);
    // as on MNIST: the longer side is 20, and the middle is where it should be
    const rows = Array.from({ length: 28 }, (_, y) => reading.pixels.subarray(28 * y, 28 * y + 28).some(v => v > 0));
    expect(rows.filter(Boolean).length).toBe(20);
  });

  test('has the same pixels drawn point by point as drawn at once, and ends at the rim of the sheet', () => {
    const drawing: Drawing = {
      image: undefined,
      strokes: [
        { erases: false, points: [0.1, 0.6, 1.4, 0.9].map((x, i) => ({ x, y: 0.3 + 0.1 * i, radius: 0.05 })) },
        { erases: true, points: [{ x: 0.5, y: 0.45, radius: 0.04 }] },
      ],
    };
    const whole = new Sheet();
    whole.show(drawing);
    const grown = new Sheet();
    for (const { points, erases } of drawing.strokes) {
      let last: Point = points[0]!;
      for (const point of points) {
        grown.mark(last, point, erases);
        last = point;
      }
    }
    expect(grown.greys).toEqual(whole.greys);
    expect(whole.greys[Math.floor(0.45 * SHEET) * SHEET + SHEET / 2]).toBe(0);
    expect(whole.greys[Math.floor(0.47 * SHEET) * SHEET + SHEET - 1]).toBe(255);
    whole.show({ image: undefined, strokes: [] });
    expect(whole.isEmpty).toBe(true);
  });

  test('of a test sample alone is that sample, byte for byte', async () => {
    const data = (await loadData({
      dataset: 'drawn',
      tiny: true,
      flatten: true,
      log: () => {},
    })) as unknown as OneHotData;
    const image = Uint8Array.from(data.testInput.narrow(0, 0, 1).elements());
    expect(readingOf(new Reader().read({ ...told, drawing: { picture: pictureOfImage(image) } })).pixels).toEqual(
      image,
    );
  });

  test('that is merely shrunk stays where it was drawn, and the other answer is told beside', () => {
    const reader = new Reader();
    const sheet = new Sheet();
    sheet.show(
      strokes([
        [0.2, 0.2],
        [0.2, 0.3],
      ]),
    ); // prettier-ignore
    const inForm = readingOf(reader.read({ ...told, drawing: { picture: pictureOf(sheet) } }));
    const shrunk = readingOf(reader.read({ form: 'shrunk' }));
    expect(shrunk.pixels[28 * 7 + 5]).toBeGreaterThan(200);
    expect(shrunk.pixels.subarray(28 * 14).every(v => v === 0)).toBe(true);
    expect(inForm.other).toEqual({ form: 'shrunk', class: shrunk.class, response: shrunk.responses[shrunk.class] });
    expect(shrunk.other).toEqual({ form: 'mnist', class: inForm.class, response: inForm.responses[inForm.class] });
  });

  test('is answered anew by the network of another moment, prepared once', () => {
    const reader = new Reader();
    const sheet = new Sheet();
    sheet.show(one);
    const first = readingOf(reader.read({ ...told, drawing: { picture: pictureOf(sheet) } }));
    const second = readingOf(reader.read({ moment: { step: 0, parameters: network(1e-6).numbers } }));
    expect(second.pixels).toBe(first.pixels);
    expect(second.step).toBe(0);
    expect(second.doubts).toEqual(['weak response']);
    expect(reasonInWords(second, settings)).toMatch(/No step is taken yet: all weights are near 0/);
    const broken = { ...network(1).numbers, b2: new Float32Array(10).fill(Number.NaN) };
    const none = readingOf(reader.read({ moment: { step: 9, parameters: broken } }));
    expect(answerInWords(none, 'drawn')).toMatch(/^no answer/);
    expect(reasonInWords(none, settings)).toMatch(/NaN/);
  });

  test('that is empty is not answered, and many specks are refused in a sentence', () => {
    const reader = new Reader();
    expect(reader.read({ ...told, drawing: { picture: undefined } })).toEqual({ kind: 'empty' });
    const sheet = new Sheet();
    for (let i = 0; i < 49; i++) {
      const at = { x: 0.1 + 0.13 * (i % 7), y: 0.1 + 0.13 * Math.floor(i / 7), radius: 0.02 };
      sheet.mark(at, at, false);
    }
    const read = reader.read({ drawing: { picture: pictureOf(sheet) } });
    expect(read).toMatchObject({ kind: 'refused', message: expect.stringMatching(/^Many small things are drawn/) });
  });

  test('is only scaled for a network of other things, and refused by one of coloured images', () => {
    const sheet = new Sheet();
    sheet.show(
      strokes([
        [0.2, 0.2],
        [0.2, 0.3],
      ]),
    ); // prettier-ignore
    const picture = pictureOf(sheet);
    const clothes = { ...about, settings: { ...settings, dataset: 'fashion-mnist' } } as const;
    const reading = readingOf(new Reader().read({ ...told, about: clothes, drawing: { picture } }));
    expect(reading.pixels[28 * 7 + 5]).toBeGreaterThan(200);
    expect(reading.other).toBeUndefined();
    const colours = { ...about, inputShape: [3, 32, 32] } as const;
    expect(new Reader().read({ ...told, about: colours, drawing: { picture } })).toMatchObject({ kind: 'refused' });
  });
});

test('the squares of the hidden units are found by the pointer, one unit or two thousand', () => {
  for (const units of [1, 7, 50, 2000]) {
    const tiles = tilesFor(units, 300);
    expect(tiles.columns * tiles.side).toBeLessThanOrEqual(300);
    expect(tiles.columns * tiles.rows).toBeGreaterThanOrEqual(units);
    const last = units - 1;
    const [x, y] = [(last % tiles.columns) * tiles.side + 1, Math.floor(last / tiles.columns) * tiles.side + 1];
    expect(unitAt(tiles, units, x, y)).toBe(last);
    expect(unitAt(tiles, units, 300, y)).toBeUndefined();
  }
});

if (chromiumPath === undefined)
  console.warn('lab-draw.test.ts: no Chromium found ($CHROMIUM_PATH), some of its tests are skipped');

describe.skipIf(chromiumPath === undefined)('in the lab a digit', () => {
  let lab: OpenedLab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab?.close());

  const answers = (page: Page, words: RegExp) => page.locator('.headline').getByText(words).waitFor();
  const sheetOf = (page: Page): Locator => page.getByRole('application', { name: 'Sheet to draw a digit on' });

  async function goTo(page: Page, step: number): Promise<void> {
    await page.getByRole('slider', { name: /Back in time/ }).fill(String(step));
    await page.waitForFunction(s => Number(document.querySelector('.count .number')?.textContent) === s, step);
  }

  async function line(page: Page, points: readonly (readonly [number, number])[]): Promise<void> {
    const { x, y, width, height } = (await sheetOf(page).boundingBox())!;
    const [first, ...rest] = points.map(([a, b]) => [x + a * width, y + b * height] as const);
    await page.mouse.move(...first!);
    await page.mouse.down();
    for (const point of rest) await page.mouse.move(...point, { steps: 5 });
    await page.mouse.up();
  }

  longTest(
    'is drawn with the mouse, and answered with the numbers of predict; the time changes the answer',
    async () => {
      const page = await lab.open();
      await goTo(page, 300);
      await page.getByRole('button', { name: 'Draw a digit' }).click();
      await answers(page, /Nothing is drawn yet/);
      expect(await page.locator('.responses tbody td:last-child').allTextContents()).toEqual(Array(10).fill('–'));
      await line(
        page,
        one.strokes[0]!.points.map(({ x, y }) => [x, y]),
      );
      await answers(page, /^a 1$/);

      await page.getByText('As 784 numbers').click();
      const text = await page.getByRole('region', { name: /The pixels/ }).textContent();
      const pixels = Uint8Array.from(text!.trim().split(/\s+/).map(Number));
      const shown = await page.locator('.responses tbody td:last-child').allTextContents();
      const data = (await loadData({
        ...{ dataset: 'drawn', oneHotLabels: true, normalize: true, log: () => {} },
      })) as OneHotData;
      const session = await Session.begin(settings, data, 1);
      await session.goTo(300);
      const { parameters } = await session.checkpoint();
      const wanted = await predict({ ...about, normalisation: data.normalisation, parameters }, pixels);
      await session.dispose();
      expect(wanted.class).toBe(1);
      expect(shown).toEqual(wanted.responses.map(response => signed(response)));

      await goTo(page, 0);
      await answers(page, /weak response/);
      await answers(page, /all weights are near 0/);
      await goTo(page, 300);
      await answers(page, /^a 1$/);

      // it stays while the middle shows something else
      await page.getByRole('button', { name: 'The hidden units' }).click();
      await page.getByRole('button', { name: 'Draw a digit' }).click();
      await answers(page, /^a 1$/);

      await line(page, [
        [0.85, 0.2],
        [0.85, 0.8],
      ]); // prettier-ignore
      await answers(page, /two digits are drawn/);
      await page.getByRole('button', { name: 'Undo' }).click();
      await answers(page, /^a 1$/);
      await page.getByRole('button', { name: 'Clear' }).click();
      await answers(page, /Nothing is drawn yet/);

      // the keyboard alone: down the middle, a stroke
      await sheetOf(page).focus();
      await page.keyboard.press('Space');
      for (let i = 0; i < 17; i++) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowLeft');
      await answers(page, /^a 1$/);
      await page.keyboard.press('Control+z');
      await answers(page, /Nothing is drawn yet/);

      await page.getByRole('button', { name: 'Take a test sample' }).click();
      await page.getByText(/Test sample 0/).waitFor();
      await answers(page, /an? \d/);
      await page.getByRole('slider', { name: 'Hidden unit', exact: true }).press('ArrowRight');
      await page.getByText(/the weights of unit \d+: full colour/).waitFor();
    },
  );

  longTest('is drawn with a finger, and the page does not scroll under it', async () => {
    const page = await lab.open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await page.getByRole('button', { name: 'Draw a digit' }).click();
    await sheetOf(page).evaluate(sheet => sheet.scrollIntoView({ block: 'center' }));
    const { x, y, width } = (await sheetOf(page).boundingBox())!;
    expect(width).toBeGreaterThan(300);
    const devtools = await page.context().newCDPSession(page);
    const scrolled = await page.evaluate(() => scrollY);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', a?: number, b?: number) =>
      devtools.send('Input.dispatchTouchEvent', {
        ...{ type, touchPoints: a === undefined ? [] : [{ x: x + a * width, y: y + b! * width }] },
      });
    await touch('touchStart', 0.5, 0.7);
    for (let i = 1; i <= 10; i++) await touch('touchMove', 0.5, 0.7 - 0.05 * i);
    await touch('touchEnd');
    await answers(page, /perhaps an? \d: weak response/);
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
