import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Session } from '../../lab/training/session.ts';
import { same } from '../../src/compare/parting.ts';
import { exerciseFiles, solutionOf } from '../../src/practice/exercises.ts';
import type { Sources } from '../../src/practice/protocol.ts';
import { loadData } from '../../src/prologue/load-data.ts';
import { defaults } from '../../src/settings/table.ts';
import { chromiumPath, type OpenedLab, startLab } from '../lab.ts';

// A learner's own functions train in the lab, beside Longhand's.

if (chromiumPath === undefined)
  console.warn('lab-own-training.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

/** The solutions with something else in some places. */
function written(...edits: readonly (readonly [from: string, to: string])[]): Sources {
  const files = Object.fromEntries(exerciseFiles.map(file => [file, solutionOf(file)]));
  for (const [from, to] of edits) {
    const file = exerciseFiles.find(name => files[name]!.includes(from))!;
    files[file] = files[file]!.replace(from, () => to);
  }
  return files;
}

/** As the browser keeps a learner's work. */
const kept = (files: Sources): string =>
  JSON.stringify({ revision: `${Math.random()}`, follows: '', files, backups: {}, progress: '', isForeign: false });

const keep = (text: string): void => {
  if (origin !== 'null') localStorage.setItem('longhand practical', text); // a frame without an origin has none
};

describe.skipIf(chromiumPath === undefined)('a learner’s own functions in the lab', () => {
  let lab: OpenedLab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab?.close());

  const hidden = 6;
  /** A page that is about to train these. */
  async function open(files: Sources, steps: number): Promise<Page> {
    const page = await lab.open({
      query: `#size=tiny&hidden=${hidden}&steps=${steps}&speed=max`,
      prepare: page => page.addInitScript(keep, kept(files)),
    });
    const mine = page.getByRole('radio', { name: 'Mine' });
    await mine.check();
    await page.getByText('Thin: Longhand’s own functions').waitFor();
    return page;
  }
  const play = (page: Page) => page.getByRole('button', { name: 'Play', exact: true }).click();
  const note = (page: Page, text: string | RegExp) => page.locator('.notes').getByText(text).waitFor();
  const beside = (page: Page, text: string | RegExp) => page.locator('.besides').getByText(text).waitFor();
  const count = async (page: Page) => Number(await page.locator('.count .number').textContent());
  const readout = (page: Page) => page.locator('.readout').textContent();

  test('right ones give the reference’s log, step by step, and are gone back in to the same numbers', async () => {
    const steps = 40;
    const page = await open(written(), steps);
    await play(page);
    await beside(page, `The same as Longhand’s in all of the ${steps} steps, but for rounding.`);
    const last = await readout(page);
    await page.getByRole('slider', { name: 'Back in time' }).fill('31');
    await expect.poll(() => count(page)).toBe(31);
    for (let i = 31; i < steps; i++) await page.getByRole('button', { name: 'Step', exact: true }).click();
    await expect.poll(() => readout(page)).toBe(last);

    await page.getByRole('button', { name: 'Open or save' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'The log as a table' }).click(),
    ]);
    const rows = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const theirs = rows.map(row => row.split(',').map(Number) as [number, number, number, number]);
    const data = await loadData({ dataset: 'drawn', tiny: true, oneHotLabels: true, normalize: true, log: () => {} });
    const settings = { ...defaults, dataset: 'drawn', size: 'tiny', hidden, steps } as const;
    const session = await Session.begin(settings, data as never, 1);
    while ((await session.next()) !== undefined);
    expect(theirs).toHaveLength(steps);
    for (const [step, trainLoss, trainError, testError] of theirs) {
      const report = { step, trainLoss, trainError, testError };
      const ours = session.reports[step]!;
      expect(same(report, ours, { train: 500, test: 100 }), `step ${step}`).toBe(true);
    }
    await page.context().close();
  });

  type Mistake = [name: string, edit: [from: string, to: string], steps: number, says: RegExp];
  const mistakes: Mistake[] = [
    [
      'the mean for the sum',
      ['.pow(2).sum()', '.pow(2).mean()'],
      12,
      /It looks like this: .*a mean over the components/,
    ],
    [
      'the slope',
      ['sub(1, tanh(x).pow(2))', 'sub(1, tanh(x))'],
      10,
      /look at the backward pass, and at dsigma and dloss/,
    ],
    ['b2 is forgotten', ['dlDb2.add_(dlDs2);', ''], 41, /It looks like this: b2 is never updated/],
  ];
  test.each(mistakes)('a mistake parts them, and is named with its step: %s', async (_, edit, steps, says) => {
    const page = await open(written(edit), steps);
    await play(page);
    const where = /^Step (\d): here yours and Longhand's own functions part, too early for rounding/;
    await beside(page, where);
    await beside(page, says);
    const [, step] = where.exec((await page.locator('.besides strong').textContent())!)!;
    await page
      .locator('.besides')
      .getByRole('button', { name: `Go to step ${step}` })
      .click();
    await expect.poll(() => count(page)).toBe(Number(step));
    await page.context().close();
  });

  test('a forgotten `.t()` is underlined while one writes, with the shapes in words', async () => {
    const files = written(['w2.t().mv(', 'w2.mv(']);
    const page = await lab.open({
      query: '#size=tiny&hidden=6&stage=write',
      prepare: page => page.addInitScript(keep, kept(files)),
    });
    await page.getByRole('button', { name: 'backwardPass' }).click();
    const underlined = page.locator('.cm-lintRange-error', { hasText: /^dlDs2$/ });
    await underlined.hover();
    await page.getByText('`w2` is [C, H] and `dlDs2` is [C]: `mv` wants [H] here.').waitFor();
    await page.context().close();
  });

  test('nobody loads the compiler or what trains their functions who does not want them', async () => {
    const asked: string[] = [];
    const page = await lab.open({
      query: '#size=tiny&hidden=6',
      prepare: async page => page.on('request', request => asked.push(new URL(request.url()).pathname)),
    });
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await expect.poll(() => count(page)).toBe(1);
    expect(asked.filter(path => /\/(typing|own|judging|workshop|work|frame)\b/.test(path))).toEqual([]);
    await page.context().close();
  });

  test('one sample is followed by their functions, lines and names, and what is wrong in them is marked', async () => {
    const page = await open(
      written(['dlDx1.mul(dsigma(s1))', 'dlDx1.mul(dsigma(s1)).mul(2)'], ['const s1 =', 'const sum =']),
      3,
    );
    await page.getByRole('button', { name: 'Follow one sample' }).click();
    const marked = page.getByRole('tab', { name: /not what the formula gives/ });
    await expect.poll(() => marked.allTextContents()).toHaveLength(1);
    await marked.click();
    const value = page.getByRole('tabpanel');
    await value.getByText('const dlDs1 = dlDx1.mul(dsigma(s1)).mul(2);').waitFor();
    await value
      .getByText(
        `Your dlDs1 is not what the formula gives of your values before it: ${hidden} of ${hidden} numbers are others.`,
      )
      .waitFor();
    await page.getByRole('tab', { name: 'the gradient by x 1', exact: false }).first().click();
    await value.getByText('✓ Your dlDx1 is what the formula gives of your values before it.').waitFor();
    await page.context().close();
  });

  const failing: [name: string, edit: [from: string, to: string], says: RegExp][] = [
    [
      'runs away in the backward pass',
      ['const dlDx2 =', 'if (++calls > 1200) for (;;);\n  const dlDx2 ='],
      /Step 2: passes\.ts:\d+: backwardPass did not come to an end, and was stopped/,
    ],
    [
      'throws',
      ['const dlDx2 =', "if (++calls > 1200) throw new Error('tired');\n  const dlDx2 ="],
      /Step 2: passes\.ts:\d+: .*tired/,
    ],
    [
      'comes to no numbers',
      ['const dlDx2 =', 'if (++calls > 1200) dlDb2.add_(NaN);\n  const dlDx2 ='],
      /Step \d: .*Longhand’s own functions have a loss of [\d.]+ there: it is not the step size\./,
    ],
  ];
  test.each(failing)('what goes wrong on the way is said, and the page lives on: it %s', async (_, edit, says) => {
    const files = written(edit);
    const page = await open({ ...files, 'passes.ts': `let calls = 0;\n${files['passes.ts']}` }, 20);
    await play(page);
    await note(page, 'Your functions stopped');
    await note(page, says);
    // another text is written, in another tab: the note offers to begin anew with it
    const other = await page.context().newPage();
    await other.goto(lab.address);
    await other.evaluate(keep, kept(written(['const x0 = x;', 'const x0 = x; // again'])));
    await other.close(); // a page behind another is given a turn a second
    await page.getByRole('button', { name: 'Begin anew with your functions as they are now' }).click();
    await note(page, 'The start');
    await play(page);
    await beside(page, 'The same as Longhand’s in all of the 20 steps, but for rounding.');
    await page.context().close();
  });
});
