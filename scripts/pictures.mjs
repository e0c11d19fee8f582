/**
 * Makes the pictures of the lab in the README: `npm run pictures`. The lab is served as anybody serves it, without a data
 * set, so that every digit in them is one that Longhand draws, and opened in Chromium ($CHROMIUM_PATH, or where Linux has
 * it).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs', 'pictures');
const noData = mkdtempSync(join(tmpdir(), 'longhand-no-data-'));
mkdirSync(folder, { recursive: true });

const server = spawn(process.execPath, [
  join(root, 'dist', 'cli', 'longhand.js'),
  ...['lab', '--no-open', '--port', '0', '--data-dir', noData],
]);
const [address] = await once(server.stdout.setEncoding('utf8'), 'data');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});

/** Opens the lab after so many steps, does something, and takes the picture. */
async function picture(name, { colorScheme, step, act = () => {} }) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5, colorScheme });
  await page.goto(address.trim());
  await page.locator('.play:not(:disabled)').waitFor();
  await page.getByRole('slider', { name: /Back in time/ }).fill(`${step}`);
  await page.waitForFunction(step => Number(document.querySelector('.count .number').textContent) === step, step);
  await act(page);
  await page.evaluate(() => {
    document.activeElement.blur();
    scrollTo(0, 0);
  });
  await page.waitForTimeout(1000); // until what was pressed has faded
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.close();
}

await picture('lab-units', { colorScheme: 'light', step: 120 });
await picture('lab-sample', {
  colorScheme: 'light',
  step: 60,
  act: page => page.getByRole('button', { name: 'Follow one sample', exact: true }).click(),
});
await picture('lab-draw', {
  colorScheme: 'dark',
  step: 400,
  async act(page) {
    await page.getByRole('button', { name: 'Draw a digit', exact: true }).click();
    const { x, y, width } = await page.locator('.draw canvas').first().boundingBox();
    const at = ([right, down]) => [x + right * width, y + down * width];
    const three = [
      ...[
        [0.3, 0.25],
        [0.42, 0.18],
        [0.58, 0.2],
        [0.64, 0.3],
        [0.58, 0.42],
        [0.45, 0.48],
        [0.6, 0.53],
        [0.67, 0.66],
      ],
      ...[
        [0.6, 0.78],
        [0.46, 0.83],
        [0.3, 0.76],
      ],
    ];
    await page.mouse.move(...at(three[0]));
    await page.mouse.down();
    for (const point of three) await page.mouse.move(...at(point), { steps: 6 });
    await page.mouse.up();
    await page.mouse.move(0, 0);
  },
});

await browser.close();
server.kill('SIGINT');
rmSync(noData, { recursive: true });
