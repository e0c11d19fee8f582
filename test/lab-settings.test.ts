import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync, zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { parseLog } from '../src/compare/log.ts';
import { logLine } from '../src/index.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../src/run/checkpoint.ts';
import { chromiumPath, type OpenedLab, startLab } from './lab.ts';
import { temporaryFolder } from './made-files.ts';
import { longTest, test } from './one-in.ts';

if (chromiumPath === undefined)
  console.warn('lab-settings.test.ts: no Chromium found ($CHROMIUM_PATH), its tests are skipped');

const root = fileURLToPath(new URL('..', import.meta.url));
const longhand = (...args: string[]): string =>
  execFileSync(process.execPath, [join(root, 'dist/cli/longhand.js'), ...args], { encoding: 'utf8' });

const stepOf = (page: Page): Promise<number> =>
  page
    .getByRole('slider', { name: /Back in time/ })
    .inputValue()
    .then(Number);
const hash = (page: Page, wanted: string): Promise<unknown> =>
  page.waitForFunction(wanted => location.hash === wanted, wanted);
const goTo = async (page: Page, step: number): Promise<void> => {
  await page.getByRole('slider', { name: /Back in time/ }).fill(`${step}`);
  await page.waitForFunction(step => Number(document.querySelector('.count .number')?.textContent) === step, step);
};
const isReady = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => document.querySelector('.play:not(:disabled)') !== null);

describe.skipIf(chromiumPath === undefined)('the lab’s settings, links and files', () => {
  const files = temporaryFolder();
  let lab: OpenedLab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(async () => {
    await lab?.close();
    files.remove();
  });

  test('a setting counts when it is let go, begins anew and stands in the address; what is none costs nothing', async () => {
    const page = await lab.open({ query: '#size=tiny&steps=100' });
    await goTo(page, 5);
    const eta = page.getByRole('textbox', { name: /Step size/ });
    await eta.fill('0');
    expect(await stepOf(page)).toBe(5);
    await eta.press('Enter');
    await page.getByText('“0” cannot be used: type a number greater than 0').waitFor();
    expect(await eta.getAttribute('aria-invalid')).toBe('true');
    expect(await stepOf(page)).toBe(5);
    await eta.fill('0.25');
    await eta.press('Enter');
    await hash(page, '#size=tiny&steps=100&eta=0.25');
    await isReady(page);
    expect(await stepOf(page)).toBe(0);

    // with more steps it goes on
    await goTo(page, 5);
    await page.getByRole('textbox', { name: 'Steps' }).fill('200');
    await page.getByRole('textbox', { name: 'Steps' }).press('Enter');
    await page.getByText('of 200 steps').waitFor();
    expect(await stepOf(page)).toBe(5);

    // what plays plays on
    await page.getByRole('textbox', { name: 'Steps' }).fill('100000');
    await page.getByRole('textbox', { name: 'Steps' }).press('Enter');
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('slider', { name: 'Hidden units' }).press('ArrowRight');
    await hash(page, '#size=tiny&steps=100000&hidden=60&eta=0.25');
    await page.waitForFunction(() => Number(document.querySelector('.count .number')?.textContent) > 1);
    expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(1);

    await page.getByRole('button', { name: 'Other initial weights' }).click();
    await hash(page, '#size=tiny&seed=1&steps=100000&hidden=60&eta=0.25');
    await page.getByRole('button', { name: 'What is “Seed”?' }).press('Enter');
    await page.getByText('The same seed gives the same training to the last bit').waitFor();
    await page.getByRole('button', { name: 'Default settings' }).click();
    await hash(page, '');
    await page.context().close();
  });

  longTest('what takes long asks first, also where a link wants it', async () => {
    const page = await lab.open({ query: '#size=full&hidden=2000' });
    const asks = page.getByRole('alert').filter({ hasText: 'GB of memory' });
    expect(await asks.textContent()).toMatch(
      /^Roughly: drawing the digits takes \d+ seconds; a step takes .*, all 1,000 /,
    );
    const isInSight = (box: Element) =>
      box.getBoundingClientRect().top > 0 && box.getBoundingClientRect().bottom < innerHeight;
    await expect.poll(() => asks.evaluate(isInSight)).toBe(true);
    await page.getByText('of 1,000 steps').waitFor();
    expect(await page.getByText('of 1,000 misread').count()).toBe(1); // the practical's own 1,000
    await page.getByRole('button', { name: 'Leave it' }).click();
    await hash(page, '');
    await page.context().close();
  });

  longTest('a link hides what a teacher switched off, says what it does not know, and leads back', async () => {
    const page = await lab.open({ query: '#size=tiny&eta=x' });
    await page.getByText('eta is “x”; it wants a number greater than 0').waitFor();
    await page.getByRole('button', { name: 'Share' }).focus();
    await page.keyboard.press('Enter');
    for (const name of ['What is taken for what', 'All settings', 'Speed', 'Draw a digit'])
      await page.getByRole('checkbox', { name, exact: true }).press(' ');
    const link = await page.getByRole('textbox', { name: 'The link' }).inputValue();
    expect(link).toBe(`${lab.address}#dataset=drawn&size=tiny&hide=speed,draw,confusion,settings`);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('heading', { name: 'Settings' }).count()).toBe(1);

    await page.evaluate(link => (location.href = link), link);
    await page.getByRole('heading', { name: 'Settings' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('heading', { name: 'What is taken for what' }).count()).toBe(0);
    expect(await page.getByRole('slider', { name: 'Speed' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Draw a digit' }).count()).toBe(0);
    // whoever hands it on hands on what they see
    await page.getByRole('button', { name: 'Share' }).click();
    expect(await page.getByRole('textbox', { name: 'The link' }).inputValue()).toBe(link);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Show all controls' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await hash(page, '#dataset=drawn&size=tiny');

    await page.evaluate(() => (location.hash = '#size=tiny&hidden=7&large=yes'));
    await page.waitForFunction(() => document.documentElement.classList.contains('large'));
    await isReady(page);
    expect(await page.getByRole('textbox', { name: 'Hidden units' }).inputValue()).toBe('7');
    await page.context().close();
  });

  longTest('large letters and the colours of night, of the system’s and of one’s own choice', async () => {
    const page = await lab.open({ colorScheme: 'light' });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const day = await ground();
    await page.emulateMedia({ colorScheme: 'dark' });
    const night = await ground();
    expect(night).not.toBe(day);
    await page.getByRole('button', { name: 'Colours: as the system' }).click();
    expect(await ground()).toBe(day);
    const size = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
    const before = await size();
    await page.getByRole('button', { name: 'Large letters' }).click();
    expect(await size()).toBeGreaterThan(before);
    await hash(page, '#large=yes');
    await page.reload();
    await isReady(page);
    expect(await ground()).toBe(day);
    expect(await size()).toBeGreaterThan(before);
    await page.context().close();
  });

  longTest('an address may ask for any number of drawn digits, and the form shows it', async () => {
    const page = await lab.open({ query: '#dataset=drawn&size=1234&steps=5' });
    await isReady(page);
    const samples = page.getByRole('combobox', { name: 'Samples' });
    expect(await samples.inputValue()).toBe('1234');
    expect(await samples.locator('option:checked').textContent()).toBe('1,234 + 1,234');
    await samples.selectOption('500 + 100');
    await hash(page, '#dataset=drawn&size=tiny&steps=5');
    expect(await samples.locator('option').count()).toBe(3);
  });

  longTest('a run that is saved at a step goes on in the terminal to the same bits, and is opened again', async () => {
    const own = ['train', '--dataset', 'drawn', '--tiny', '--hidden', '10', '--steps', '60', '--seed', '3'];
    const whole = join(files.folder, 'whole');
    const printed = longhand(...own, '--out', whole);
    const page = await lab.open({ query: '#dataset=drawn&size=tiny&seed=3&steps=60&hidden=10' });
    await goTo(page, 25);
    await page.getByRole('button', { name: 'Open or save' }).click();

    const saved = async (name: string) => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name, exact: true }).click();
      const file = await download;
      await page.getByText(`${file.suggestedFilename()} is saved.`).waitFor();
      const path = join(files.folder, file.suggestedFilename());
      await file.saveAs(path);
      return path;
    };
    const zip = await saved('The whole run');
    expect(zip).toMatch(/longhand-seed-3-step-25\.zip$/);
    const unzipped = unzipSync(readFileSync(zip));
    expect(Object.keys(unzipped).sort()).toEqual(['run/checkpoint.safetensors', 'run/log.csv', 'run/units.png']);
    for (const [name, bytes] of Object.entries(unzipped)) {
      mkdirSync(dirname(join(files.folder, name)), { recursive: true });
      writeFileSync(join(files.folder, name), bytes);
    }
    longhand('train', '--resume', join(files.folder, 'run'));
    for (const name of ['log.csv', 'checkpoint.safetensors', 'units.png'])
      expect(readFileSync(join(files.folder, 'run', name)).equals(readFileSync(join(whole, name)))).toBe(true);

    // the log in both forms is that of the first 25 steps
    const csv = readFileSync(await saved('The log as a table'), 'utf8');
    expect(readFileSync(join(whole, 'log.csv'), 'utf8').startsWith(csv)).toBe(true);
    const { reports } = parseLog(csv, 'it');
    expect(reports).toHaveLength(25);
    const text = readFileSync(await saved('The log as text'), 'utf8');
    expect(text).toBe(reports.map(report => `${logLine(report)}\n`).join(''));
    expect(printed).toContain(text);
    expect(JSON.parse(readFileSync(await saved('JSON'), 'utf8'))).toMatchObject({ format: 'longhand network' });
    for (const name of ['ONNX', 'NumPy', 'safetensors', 'A picture'])
      expect(readFileSync(await saved(name)).length).toBeGreaterThan(1000);

    // no run, then the whole one, then the zip
    const [input] = [page.locator('input[type="file"]').first()];
    await input.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no run') });
    await page.getByRole('dialog').getByText('notes.txt holds no run').waitFor();
    const bomb = zipSync({ 'run/checkpoint.safetensors': new Uint8Array(60e6) });
    await input.setInputFiles({ name: 'bomb.zip', mimeType: 'application/zip', buffer: Buffer.from(bomb) });
    await page.getByRole('dialog').getByText('bomb.zip becomes 60 MB: too much for a page').waitFor();
    expect(await stepOf(page)).toBe(25);
    await input.setInputFiles([join(whole, 'checkpoint.safetensors'), join(whole, 'log.csv')]);
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await stepOf(page)).toBe(60);
    await page.getByText('Those of checkpoint.safetensors').waitFor();
    await page.evaluate(() => (location.hash = ''));
    await page.getByRole('button', { name: 'Open or save' }).click();
    await input.setInputFiles(zip);
    await page.getByText('Those of longhand-seed-3-step-25.zip').waitFor();
    expect(await stepOf(page)).toBe(25);
    expect(await page.getByRole('textbox', { name: 'Seed' }).inputValue()).toBe('3');

    // a run of data that are not here stands still, and says why when it is to go on
    const run = await decodeCheckpoint(readFileSync(join(whole, 'checkpoint.safetensors')));
    const foreign = await encodeCheckpoint({ ...run, settings: { ...run.settings, dataset: 'mnist' } });
    await page.getByRole('button', { name: 'Open or save' }).click();
    await input.setInputFiles({ name: 'foreign.safetensors', mimeType: '', buffer: Buffer.from(foreign) });
    await page.getByText('foreign.safetensors without its data').waitFor();
    await page.locator('.play').click();
    await page
      .getByText(/^.That cannot be done. MNIST is not in .* The run can be looked into, and not gone on with/)
      .waitFor();
    await page.getByRole('button', { name: 'Other initial weights' }).click();
    await isReady(page);
    await page.locator('.play').click();
    await page.getByText('That cannot be done').waitFor({ state: 'hidden' });
    await page.context().close();
  });
});
