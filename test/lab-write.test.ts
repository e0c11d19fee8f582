import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Axe from 'axe-core';
import { unzipSync, zipSync } from 'fflate';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { solutionOf, stubOf } from '../src/practice/exercises.ts';
import { chromiumPath, type OpenedLab, startLab } from './lab.ts';
import { longhand, writeAll, write as writeIn } from './learner.ts';
import { tasksOf } from './long-tasks.ts';
import { temporaryFolder } from './made-files.ts';
import { longTest, test } from './one-in.ts';
import { editorOf, exerciseIn, spoken, textIn, verdictIs, workshop } from './writing.ts';

// The six functions, written in the page.

if (chromiumPath === undefined)
  console.warn('lab-write.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

/** As high as is needed for the editor to draw a whole file of the first ones. */
const viewport = { width: 1280, height: 1600 };

describe.skipIf(chromiumPath === undefined)('the functions written in the page', () => {
  let lab: OpenedLab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab?.close());

  const another = async (context: BrowserContext, fragment = '#stage=write') => {
    const page = await context.newPage();
    await page.addInitScript(
      `addEventListener('storage', event => globalThis.asleep && event.stopImmediatePropagation())`,
    );
    context.setDefaultTimeout(60_000);
    await page.goto(lab.address + fragment);
    return page;
  };

  test('from the keyboard alone: a mistake is said, where and why; a hint; it is mended, explained and compared', async () => {
    const page = await lab.open({ viewport, query: '#stage=write' });
    await verdictIs(page, 'sigma is to be written');
    await exerciseIn(page, 'sigma').press('Enter');
    expect(await editorOf(page).evaluate(node => node.matches(':focus'))).toBe(true);
    // what says that it is not written is selected
    await page.keyboard.type('return tanh(x).mul(2);');
    await page.keyboard.press('Control+s');
    await verdictIs(page, 'sigma is not right yet');
    await expect
      .poll(() => spoken(page))
      .toMatch(/^sigma is not right yet. activation.ts, line 12: sigma \(line 12\) computes 2 · tanh x/);
    expect(await page.locator('.cm-lintRange-error').textContent()).toMatch(/^export const sigma/);
    expect(await page.locator('.cm-lint-marker-error').count()).toBe(1);
    await page.getByRole('button', { name: 'A hint' }).press('Enter');
    await page.getByText('σ is the hyperbolic tangent of each component').waitFor();
    await page.getByRole('button', { name: 'Go to activation.ts, line 12' }).press('Enter');
    for (const key of ['ArrowDown', 'Home', 'Shift+End']) await page.keyboard.press(key);
    await page.keyboard.type('return tanh(x);');
    // by itself after a pause
    await verdictIs(page, 'sigma is right');
    await page.getByText('Without an activation function two layers would be no better than one').waitFor();
    expect(await page.locator('.cm-lintRange-error').count()).toBe(0);
    await page.getByRole('button', { name: 'A solution, to compare' }).press('Enter');
    expect(await workshop(page).locator('pre').allInnerTexts()).toContainEqual(
      expect.stringContaining('return tanh(x);'),
    );
    await page.getByRole('button', { name: 'Next: dsigma' }).press('Enter');
    await page.keyboard.type('console.log("here", x.shape);\nreturn sub(1, tanh(x).pow(2));');
    await verdictIs(page, 'dsigma is right');
    await page
      .getByText('"here"')
      .or(page.getByText(/^here \[/))
      .first()
      .waitFor();

    // out of the editor by the keyboard
    await editorOf(page).focus();
    await page.keyboard.press('Tab');
    expect(await editorOf(page).evaluate(node => node.matches(':focus'))).toBe(false);

    // nothing is lost by a reload, not even what was typed just before
    await editorOf(page).focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('// typed last\n');
    await page.reload();
    await expect.poll(() => textIn(page)).toContain('// typed last');
    await verdictIs(page, 'dsigma is right');
    await page.context().close();
  });

  longTest('a function that runs away is named with its line, and the page lives', async () => {
    const page = await lab.open({ viewport, query: '#stage=write' });
    await exerciseIn(page, 'loss').press('Enter');
    await page.keyboard.type('for (;;) {}');
    await verdictIs(page, 'loss is not right yet');
    await expect
      .poll(() => spoken(page))
      .toMatch(/^loss is not right yet. loss.ts, line 12: The loop in line 12 \(for\) does not come to an end/);
    await page.locator('.play').click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.context().close();
  });

  longTest('what is saved is the folder that `learn` makes, and is opened again', async () => {
    const page = await lab.open({ viewport, query: '#stage=write' });
    const { folder, remove } = temporaryFolder();
    try {
      const terminal = join(folder, 'terminal');
      await longhand(folder, 'learn', terminal);
      writeAll(terminal);
      writeIn(terminal, 'dloss', text => text.replace('sub(v, t)', 'sub(t, v)'));
      await longhand(folder, 'learn', '--all', terminal);
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Open a folder' }).click();
      await (await chooser).setFiles(terminal);
      await verdictIs(page, /is right|dloss/);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save files' }).click();
      const zip = readFileSync(await (await download).path());
      for (const [path, bytes] of Object.entries(unzipSync(zip))) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), bytes);
        const inTerminal = join(terminal, path.replace('longhand-practical/', ''));
        expect([path, Buffer.from(bytes).toString()]).toEqual([path, readFileSync(inTerminal, 'utf8')]);
      }
      const checks = ['terminal', 'longhand-practical'].map(name =>
        longhand(folder, 'check', '--json', '--seed', '1', name),
      );
      const [theirs, ours] = await Promise.all(checks);
      expect(ours).toEqual(theirs);
      expect(
        JSON.parse(ours!.stdout).stages.filter((stage: { verdict: string }) => stage.verdict === 'failed'),
      ).toHaveLength(1);

      // one file with all six, in another spelling, in a zip that is dropped: what was written is kept
      const six = `export function forward_pass() {}\n${solutionOf('activation.ts')}`;
      await dropped(page, 'work.zip', zipSync({ 'mine.ts': Buffer.from(six) }));
      await page.getByRole('dialog').getByText('What you wrote is kept beside it').waitFor();
      await page.getByRole('button', { name: 'Open it' }).click();
      await page.getByRole('button', { name: 'mine.ts' }).click();
      await expect.poll(() => textIn(page)).toContain('forward_pass');
      await verdictIs(page, 'sigma is right');
      const kept = JSON.parse(await page.evaluate(() => localStorage.getItem('longhand practical')!));
      expect(kept.backups['loss.ts.1.bak']).toBe(readFileSync(join(terminal, 'loss.ts'), 'utf8'));
    } finally {
      remove();
    }
    await page.context().close();
  });

  longTest(
    'a second tab follows the first; where both have changed a file, one chooses and the other text is kept',
    async () => {
      const one = await lab.open({ viewport, query: '#stage=write' });
      const two = await another(one.context());
      await editorOf(two).waitFor();
      await editorOf(one).focus();
      await one.keyboard.press('Control+Home');
      await one.keyboard.type('// of the first\n');
      await expect.poll(() => textIn(two)).toContain('// of the first');

      // one that does not hear of it, as a tab that is asleep
      await two.evaluate('asleep = true');
      await one.keyboard.type('// more of the first\n');
      await expect
        .poll(() => one.evaluate(() => localStorage.getItem('longhand practical')))
        .toContain('more of the first');
      await two.bringToFront();
      await editorOf(two).focus();
      await two.evaluate('asleep = false');
      await two.keyboard.press('Control+End');
      await two.keyboard.type('// of the second');
      await two.getByText('Another tab has changed activation.ts at the same time').waitFor();
      expect(await textIn(two)).toContain('// of the second');
      // both texts are safe before anybody has chosen
      await expect
        .poll(() => two.evaluate(() => JSON.parse(localStorage.getItem('longhand practical')!)))
        .toMatchObject({
          files: { 'activation.ts': expect.stringContaining('more of the first') },
          backups: { 'activation.ts.1.bak': expect.stringContaining('// of the second') },
        });
      await two.getByRole('button', { name: 'This tab’s' }).click();
      await expect.poll(() => textIn(one)).toContain('// of the second');
      await expect
        .poll(() => one.evaluate(() => JSON.parse(localStorage.getItem('longhand practical')!).backups))
        .toMatchObject({ 'activation.ts.1.bak': expect.stringContaining('more of the first') });
      await one.context().close();
    },
  );

  longTest('a link holds the code; it is shown, runs only when asked to, and replaces nothing unasked', async () => {
    const page = await lab.open({
      viewport,
      query: '#stage=write',
      permissions: ['clipboard-read', 'clipboard-write'],
    } as never);
    await exerciseIn(page, 'sigma').press('Enter');
    await page.keyboard.type('console.log("it ran"); return x;');
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('checkbox', { name: 'With my code' }).check();
    const link = page.getByRole('textbox', { name: 'The link' });
    await expect.poll(() => link.inputValue()).toMatch(/[#&]stage=write&code=[\w-]+$/);
    const fragment = new URL(await link.inputValue()).hash;
    await page.context().close();

    const theirs = await lab.open({ viewport, query: fragment });
    await theirs.getByText('This link brings somebody’s code: activation.ts. Nothing of it has run').waitFor();
    await verdictIs(theirs, 'sigma is to be written'); // one's own, of which nothing is written
    await theirs.getByRole('button', { name: 'Look at it' }).click();
    await expect.poll(() => textIn(theirs)).toContain('it ran');
    await editorOf(theirs).press('Control+s');
    await theirs.keyboard.type('not to be typed into');
    await theirs.waitForTimeout(1500); // longer than a pause in typing
    expect(await theirs.locator('.printed').count()).toBe(0);
    expect(await textIn(theirs)).not.toContain('typed');
    await theirs.getByRole('button', { name: 'Back to mine' }).click();
    await expect.poll(() => textIn(theirs)).toBe(stubOf('activation.ts').trimEnd());
    await exerciseIn(theirs, 'sigma').press('Enter');
    await theirs.keyboard.type('return tanh(x);');
    await verdictIs(theirs, 'sigma is right');
    await theirs.getByRole('button', { name: 'Take it over' }).click();
    await theirs.getByRole('dialog').getByText('activation.ts as activation.ts.1.bak').waitFor();
    await theirs.getByRole('dialog').getByRole('button', { name: 'Take it over' }).click();
    await theirs.getByText('nothing of it has run, and nothing does until you check it').waitFor();
    await editorOf(theirs).focus();
    await theirs.keyboard.press('Control+Home');
    await theirs.keyboard.type('// a look\n');
    await theirs.reload();
    await theirs.getByText('nothing of it has run, and nothing does until you check it').waitFor();
    await theirs.waitForTimeout(1500); // longer than a pause in typing
    expect(await theirs.locator('.printed').count()).toBe(0);
    await theirs.getByRole('button', { name: 'Check', exact: true }).click();
    await verdictIs(theirs, 'sigma is not right yet');
    await theirs.locator('.printed').getByText('it ran').first().waitFor();
    await theirs.context().close();
  });

  longTest('where the browser keeps nothing that is said once, and the work goes on', async () => {
    const page = await lab.open({
      viewport,
      query: '#stage=write',
      prepare: page =>
        page.addInitScript(() => {
          Storage.prototype.setItem = () => {
            throw new DOMException('no', 'QuotaExceededError');
          };
        }),
    });
    await exerciseIn(page, 'sigma').press('Enter');
    await page.keyboard.type('return tanh(x);');
    await page.getByText('no room left for what you write').waitFor();
    await verdictIs(page, 'sigma is right');
    await page.context().close();
  });

  longTest.each([
    ['light', 1280, ''],
    ['dark', 390, '&large=yes'],
  ] as const)('anybody can use it: %s, %i pixels wide', async (colorScheme, width, more) => {
    const page = await lab.open({ viewport: { width, height: 844 }, colorScheme, query: `#stage=write${more}` });
    await exerciseIn(page, 'sigma').press('Enter');
    await page.keyboard.type('return x; // 1 "two"');
    await verdictIs(page, 'sigma is not right yet');
    await page.getByRole('button', { name: 'A hint' }).click();
    await page.evaluate(readFileSync('node_modules/axe-core/axe.min.js', 'utf8'));
    const found = await page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof Axe }).axe.run('.write');
      return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    });
    expect(found).toEqual([]);
    const wide = await workshop(page).evaluate(panel => [
      panel.getBoundingClientRect().right,
      panel.scrollWidth - panel.clientWidth,
    ]);
    expect(wide[0]).toBeLessThanOrEqual(width);
    expect(wide[1]).toBe(0);
    await page.context().close();
  });

  longTest('typing never keeps the page busy for 50 ms', async () => {
    const page = await lab.open({ viewport, query: '#stage=write' });
    await exerciseIn(page, 'backwardPass').press('Enter');
    await page.keyboard.type('const dlDx2 = dloss(x2, t);\n'); // what is compiled once is compiled
    await page.waitForTimeout(1500);
    const tasks = await tasksOf(lab, page, async () => {
      await page.keyboard.type('const dlDs2 = dlDx2.mul(dsigma(s2));\nconst dlDx1 = w2.t().mv(dlDs2);\n', {
        delay: 20,
      });
      await verdictIs(page, 'dl_dx1');
    });
    expect(tasks.length).toBeGreaterThan(50);
    expect(Math.max(...tasks)).toBeLessThan(50);
    await page.context().close();
  });

  async function dropped(page: Page, name: string, bytes: Uint8Array): Promise<void> {
    const transfer = await page.evaluateHandle(
      ([name, bytes]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(bytes)], name));
        return transfer;
      },
      [name, [...bytes]] as const,
    );
    for (const type of ['dragenter', 'dragover', 'drop'])
      await page.dispatchEvent('main', type, { dataTransfer: transfer });
  }
});
