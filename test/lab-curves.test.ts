import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { apart, axisEnd, lossRange, lossTicks } from '../lab/panels/curve-axes.ts';
import { placeLabels } from '../lab/panels/label-row.ts';
import { placeOf, speedInWords, speeds } from '../lab/panels/speeds.ts';
import { Thinned } from '../lab/panels/thinned.ts';
import { type Situation, whatToSay } from '../lab/panels/what-to-say.ts';
import { Session } from '../lab/training/session.ts';
import { plainSpeed, STEPS_AT_FIRST, STEPS_TO_DOUBLE, speedAt } from '../lab/training/speed.ts';
import { loadData, logLine, type OneHotData } from '../src/index.ts';
import { defaults, type Settings } from '../src/settings/table.ts';
import { chromiumPath, type OpenedLab, startLab } from './lab.ts';
import { longTest, test } from './one-in.ts';

const data = (await loadData({
  dataset: 'drawn',
  tiny: true,
  oneHotLabels: true,
  normalize: true,
  log: () => {},
})) as OneHotData;
const settings: Settings = { ...defaults, dataset: 'drawn', size: 'tiny' };

describe('curves of any length', () => {
  test('are a point a value as long as there is room', () => {
    const thinned = new Thinned(2, 64);
    for (let x = 0; x < 60; x++) thinned.add(x, [x * x, -x]);
    expect(thinned.points[0]).toEqual(Array.from({ length: 60 }, (_, x) => x));
    expect(thinned.points[1]).toEqual(Array.from({ length: 60 }, (_, x) => x * x));
  });

  test('keep every peak and every trough in a bounded number of points, in their order', () => {
    for (const count of [63, 64, 65, 100, 127, 128, 129, 1000, 4099]) {
      const thinned = new Thinned(2, 64);
      // waves with one peak and one trough that nothing beside them is near
      const values = Array.from({ length: count }, (_, x) => Math.sin(x / 3));
      values[Math.floor(count / 3)] = 100;
      values[Math.floor(count / 2)] = -100;
      for (const [x, value] of values.entries()) thinned.add(x, [value, x]);
      const [xs, drawn, ramp] = thinned.points;
      expect(xs.length).toBeLessThanOrEqual(64);
      expect(xs.length).toBeGreaterThan(30);
      expect(drawn!.length).toBe(xs.length);
      expect([Math.max(...(drawn as number[])), Math.min(...(drawn as number[]))]).toEqual([100, -100]);
      expect([xs[0], ramp![0], ramp!.at(-1)]).toEqual([0, 0, count - 1]);
      expect(xs).toEqual([...xs].sort((a, b) => a - b));
      expect(ramp).toEqual([...(ramp as number[])].sort((a, b) => a - b));
    }
  });

  test('have gaps where a value is no number', () => {
    const thinned = new Thinned(1, 8);
    for (const [x, value] of [NaN, Infinity, 1, 2, NaN, 3].entries()) thinned.add(x, [value]);
    expect(thinned.points[1]).toEqual([null, null, 1, 2, null, 3]);
    thinned.clear();
    expect(thinned.points).toEqual([[], []]);
  });
});

test('the axes grow with the training, and tell losses in a few round numbers', () => {
  expect([0, 29, 31, 61, 599, 601].map(last => axisEnd(0, last, 999))).toEqual([50, 50, 100, 200, 999, 999]);
  expect(axisEnd(500, 510, 2000)).toBe(550);
  expect(lossTicks(65, 810)).toEqual([500, 200, 100]);
  expect(lossTicks(0.001, 1e6).length).toBeLessThanOrEqual(4);
  const [from, to] = lossRange(1, 3);
  expect((1 - from) / (to - from)).toBeCloseTo(0.5, 1); // the loss has the upper half
  expect(apart(10, 12, 14)).toEqual([4, 18]);
  expect(apart(10, 40, 14)).toEqual([10, 40]);
});

test('texts in a row never overlap, stay near their marks, and the least important go where there is no room', () => {
  for (let tries = 0; tries < 200; tries++) {
    const random = (most: number) => Math.floor(((Math.sin(tries * 99.7 + most) + 1) / 2) * most);
    const labels = Array.from({ length: 5 }, (_, i) => ({
      ...{ at: (random(40 + i) * i * 5) % 500, width: 30 + random(70 + i), importance: i },
    })).sort((a, b) => a.at - b.at);
    const room = 200 + random(400);
    const places = placeLabels(labels, room, 8);
    let end = -8;
    for (const [i, place] of places.entries()) {
      if (place === undefined) continue;
      expect(place).toBeGreaterThanOrEqual(end + 8 - 1e-9);
      end = place + labels[i]!.width;
      expect(end).toBeLessThanOrEqual(room + 1e-9);
    }
    const gone = labels.filter((_, i) => places[i] === undefined);
    const stay = labels.filter((_, i) => places[i] !== undefined);
    for (const { importance } of gone) for (const label of stay) expect(label.importance).toBeGreaterThan(importance);
  }
  const alone = { at: 100, width: 40, importance: 1 };
  expect(placeLabels([alone], 300, 8)).toEqual([80]);
});

test('the speed is what its words say: the same at first, then twice as fast every so many steps', () => {
  expect(speedAt(0, plainSpeed)).toBe(plainSpeed.stepsPerSecond);
  expect(speedAt(STEPS_AT_FIRST, plainSpeed)).toBe(plainSpeed.stepsPerSecond);
  expect(speedAt(STEPS_AT_FIRST + STEPS_TO_DOUBLE, plainSpeed)).toBe(2 * plainSpeed.stepsPerSecond);
  expect(speedAt(999, { stepsPerSecond: 5, speedsUp: false })).toBe(5);
  expect(speedAt(1e6, plainSpeed)).toBe(Infinity);
  expect([speedInWords(speeds[0]!), speedInWords(speeds.at(-1)!)]).toEqual([
    'a step in 2 seconds',
    'as fast as it goes',
  ]);
  for (const [i, speed] of speeds.entries()) expect(placeOf(speed)).toBe(i);
  expect(speeds[placeOf(18)]).toBe(20);
});

describe('what has to be said', () => {
  /** What is said after `step` steps of a real training. */
  async function saidOf(
    given: Partial<Settings>,
    upTo: number,
    steps: readonly number[],
    more: Partial<Situation> = {},
  ) {
    const all = { ...settings, ...given };
    const session = await Session.begin(all, data, 1);
    await session.goTo(upTo);
    const about = { settings: all, firstStep: 0, trainCount: 500, opened: undefined } as Situation['about'];
    const { landmarks, stopped } = session;
    const notes = steps.map(step =>
      whatToSay({
        ...{ about, step, landmarks, stopped, hasNumbers: true, refused: undefined, preparing: undefined },
        ...{ report: session.reports[step - 1], first: session.reports[0], trainsBy: 'play' },
        ...more,
      }),
    );
    const { step } = session;
    await session.dispose();
    return { notes, step, landmarks };
  }

  test('the plateau while the moment is on it, its end, and where the training ends', async () => {
    const { landmarks } = await saidOf({ steps: 60 }, 60, []);
    const [from, to] = landmarks.map(({ step }) => step) as [number, number];
    expect(landmarks.map(({ kind }) => kind)).toEqual(['plateau', 'plateau over']);
    const { notes } = await saidOf({ steps: 60 }, 60, [0, from, from + 1, to, to + 1, 60]);
    expect(notes.map(({ title }) => title)).toEqual([
      ...['The start', 'The first steps', 'A plateau, no mistake', 'A plateau, no mistake', 'The plateau is over'],
      'The end',
    ]);
  });

  test('initial weights that are too large, and the step that mends it', async () => {
    const { notes } = await saidOf({ epsilon: 1 }, 20, [5, 20]);
    expect(notes.map(({ tone }) => tone)).toEqual(['quiet', 'wrong']);
    expect(notes[1]!.title).toBe('Saturated from the start');
    expect(notes[1]!.remedies).toEqual([{ label: 'Begin with ε = 1e-6', choose: { epsilon: 1e-6 } }]);
  });

  test('a loss that came to NaN: at which step, why, and what to change', async () => {
    const far = { eta: 1e300 };
    const { notes, step } = await saidOf(far, 50, [1], { hasNumbers: false });
    expect(step).toBe(1);
    expect(notes[0]!.title).toBe('Step 1 came to NaN or infinity');
    expect(notes[0]!.text).toMatch(/η = 1e\+300/);
    expect(notes[0]!.remedies).toEqual([
      { label: 'Begin with η = 0.1', choose: { eta: 0.1 } },
      { label: 'Back to the last numbers, step 0', goTo: 0 },
    ]);
    expect((await saidOf(far, 50, [0])).notes[0]!.tone).toBe('quiet');
  });

  test('steps that are too large while the loss rises, and of what was never told apart only what is known', async () => {
    const { notes } = await saidOf({ eta: 100 }, 2, [1, 2]);
    expect(notes[0]!.text).not.toMatch(/fall/);
    expect(notes[1]!.title).toBe('The loss has risen');
    const [first] = (await saidOf({}, 2, [2])).notes;
    expect(first!.text).toMatch(/made the loss fall/);
    expect((await saidOf({}, 2, [2], { report: undefined })).notes[0]).toMatchObject({ title: 'Step 2', text: '' });
  });

  test('what can be pressed, and nothing else', async () => {
    const start = async (trainsBy: Situation['trainsBy']) => (await saidOf({}, 0, [0], { trainsBy })).notes[0]!.text;
    expect(await start('play')).toMatch(/Press Play, or the space bar: backpropagation/);
    expect(await start('time')).toMatch(/Drag the time slider: backpropagation/);
    expect(await start(undefined)).toMatch(/knows nothing yet\. Backpropagation/);
  });

  test('a refusal in the trainer’s words, and what is made ready', async () => {
    const { notes } = await saidOf({}, 0, [0], { refused: 'mnist is not here' });
    expect(notes[0]).toMatchObject({ tone: 'wrong', text: 'Mnist is not here.' });
    const getting = await saidOf({}, 0, [0], { preparing: { ...settings, dataset: 'mnist' } });
    expect(getting.notes[0]!.text).toMatch(/samples of MNIST/);
  });
});

if (chromiumPath === undefined)
  console.warn('lab-curves.test.ts: no Chromium found ($CHROMIUM_PATH), some of its tests are skipped');

describe.skipIf(chromiumPath === undefined)('the curves and the time in the page', () => {
  let lab: OpenedLab;
  let lines: readonly string[];
  let page: Page;
  const STEPS = 60;
  beforeAll(async () => {
    const session = await Session.begin({ ...settings, steps: STEPS }, data, 1);
    await session.goTo(STEPS);
    lines = session.reports.map(logLine);
    await session.dispose();
    lab = await startLab();
    page = await begun({ steps: STEPS });
  });
  afterAll(() => lab?.close());

  /** The page, its first training begun with these settings, by its address. */
  const begun = (given: Partial<Settings>): Promise<Page> => {
    const asked = { dataset: 'drawn', size: 'tiny', speed: 'max', ...given };
    return lab.open({
      query: `#${new URLSearchParams(Object.entries(asked).map(([name, value]) => [name, `${value}`]))}`,
    });
  };

  const counted = (page: Page, steps: number) =>
    page.waitForFunction(steps => Number(document.querySelector('.count .number')?.textContent) === steps, steps);
  /** What the curves' readout says, as a line of the log. */
  const readout = async () => {
    const [step, loss, trainError, testError] = await page.locator('.readout dd').allTextContents();
    return `${step} acc_train_loss ${loss} acc_train_error ${trainError} test_error ${testError}`;
  };
  const slider = () => page.getByRole('slider', { name: /Back in time/ });
  const setSlider = (step: number) =>
    slider().evaluate((input: HTMLInputElement, step) => {
      input.value = `${step}`;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, step);

  longTest(
    'to the end, by the space bar; each step has the values of the log, under the keys and the pointer',
    async () => {
      await page.getByRole('slider', { name: /^Speed/ }).press('Home');
      expect(await page.getByText('Speed a step in 2 seconds').count()).toBe(1);
      await page.getByRole('slider', { name: /^Speed/ }).press('End');
      await page.keyboard.press(' '); // the space bar plays
      await page.getByRole('button', { name: 'Play again' }).waitFor();
      await counted(page, STEPS);
      expect(await readout()).toBe(lines[STEPS - 1]);

      const plot = page.getByRole('slider', { name: 'Values of a step' });
      await plot.focus();
      await plot.press('Home');
      const seen = [await readout()];
      for (let i = 1; i < 30; i++) {
        await plot.press('ArrowRight');
        seen.push(await readout());
      }
      expect(seen).toEqual(lines.slice(0, 30));
      expect(await plot.getAttribute('aria-valuetext')).toMatch(/^step 29: loss [\d.]+, training error [\d.]+%/);
      await plot.press('Enter');
      await counted(page, 30);

      const box = (await plot.boundingBox())!;
      for (const share of [0.3, 0.5, 0.8]) {
        await page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
        const line = await readout();
        expect(line).toBe(lines[Number.parseInt(line, 10)]);
      }
      const there = Number.parseInt(await readout(), 10);
      expect(there).toBeGreaterThan(30);
      await page.mouse.click(box.x + 0.8 * box.width, box.y + box.height / 2);
      await counted(page, there + 1);
      await page.mouse.move(0, 0);
    },
  );

  longTest(
    'the time slider goes back and on: by keys, by a landmark, past what was trained; the replay is the same',
    async () => {
      await slider().press('Home');
      await counted(page, 0);
      await slider().press('ArrowRight');
      await slider().press('ArrowRight');
      await counted(page, 2);
      await slider().press('PageUp');
      await counted(page, 12);
      await slider().press('PageDown');
      await counted(page, 2);
      expect(await readout()).toBe(lines[1]);
      expect(await slider().getAttribute('aria-valuetext')).toMatch(/^after 2 of 60 steps: loss/);

      await page.getByRole('button', { name: /digits begin to separate: go to step/ }).click();
      const over = Number(
        await page
          .locator('.count .number')
          .textContent()
          .then(async () => {
            await page.waitForFunction(() => Number(document.querySelector('.count .number')?.textContent) > 12);
            return page.locator('.count .number').textContent();
          }),
      );
      expect(await page.getByRole('status').first().textContent()).toMatch(/The plateau is over/);
      await setSlider(over - 3);
      await counted(page, over - 3);
      expect(await page.getByRole('status').first().textContent()).toMatch(/A plateau, no mistake/);

      await page.getByRole('button', { name: 'Reset' }).click();
      await counted(page, 0);
      await page.getByRole('button', { name: 'Play', exact: true }).click();
      await page.getByRole('button', { name: 'Play again' }).waitFor();
      await counted(page, STEPS);
      expect(await readout()).toBe(lines[STEPS - 1]);
    },
  );

  longTest('explains the plateau where its name is chosen', async () => {
    await page.getByRole('button', { name: /the plateau/ }).click();
    expect(await page.getByText(/nearly 0 because the other is/).isVisible()).toBe(true);
  });

  longTest('stops where it was to stop, and trains up to where the slider is dragged', async () => {
    const other = await begun({ steps: 300 });
    await other.getByRole('combobox', { name: 'Play until' }).selectOption('digits begin to separate');
    await other.getByRole('button', { name: 'Play', exact: true }).click();
    await other.getByRole('button', { name: /digits begin to separate: go to/ }).waitFor();
    await other.getByRole('button', { name: 'Play', exact: true }).waitFor();
    const stoppedAt = Number(await other.locator('.count .number').textContent());
    expect(await other.getByRole('button', { name: `digits begin to separate: go to step ${stoppedAt}` }).count()).toBe(
      1,
    );

    await other.locator('#time').evaluate((input: HTMLInputElement) => {
      input.value = '290';
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    // the thumb stays where it was put, the trainer comes after
    expect(await other.locator('#time').inputValue()).toBe('290');
    await counted(other, 290);
    expect(await other.locator('#time').inputValue()).toBe('290');
    await other.context().close();
  });

  longTest('says that the loss became NaN, and sets it right at one click', async () => {
    const other = await begun({ steps: 50, eta: 1e300 });
    await other.getByRole('button', { name: 'Play', exact: true }).click();
    await other.getByText('Step 1 came to NaN or infinity.').waitFor();
    await other.getByRole('button', { name: 'Back to the last numbers, step 0' }).click();
    await counted(other, 0);
    await other.getByRole('button', { name: /no numbers any more: go to step 1/ }).click();
    await other.getByRole('button', { name: 'Begin with η = 0.1' }).click();
    await other.getByText('The start.').waitFor();
    expect(await other.getByRole('textbox', { name: /Step size/ }).inputValue()).toBe('0.1');
    await other.getByRole('button', { name: 'Play', exact: true }).click();
    await counted(other, 50);
    await other.context().close();
  });
});
