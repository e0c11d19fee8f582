import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { temporaryFolder } from './made-files.ts';

// The lab in a real Chromium, for the tests of its panels.

export const chromiumPath: string | undefined = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
].find(path => path !== undefined && existsSync(path));

const root = fileURLToPath(new URL('..', import.meta.url));

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'],
  });

/** The lab, served and opened. */
export interface OpenedLab {
  readonly address: string;
  readonly browser: Browser;
  /** A page of the lab, its first training ready; what its console says of errors fails the test that closes it. */
  open(options?: BrowserContextOptions & { query?: string; prepare?: (page: Page) => Promise<unknown> }): Promise<Page>;
  close(): Promise<void>;
}

/**
 * Starts `longhand lab` and a browser. Without `args` there is no data set on the machine and no run: the page begins with
 * drawn digits.
 */
export async function startLab(args?: readonly string[]): Promise<OpenedLab> {
  const nothing = temporaryFolder();
  const { address, interrupt } = await runLab(args ?? ['--data-dir', nothing.folder]);
  const browser = await launchChromium();
  const errors: string[] = [];
  return {
    address,
    browser,
    async open({ query = '', prepare, ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      context.setDefaultTimeout(100_000); // for what hangs; Playwright's own 30 s are too few on a machine that is busy
      const page = await context.newPage();
      page.on('pageerror', error => errors.push(error.message));
      page.on('console', message => message.type() === 'error' && errors.push(message.text()));
      await prepare?.(page);
      await page.goto(`${address}${query}`);
      await page.waitForFunction(() => document.querySelector('.play:not(:disabled)') !== null);
      return page;
    },
    async close() {
      await browser.close();
      await interrupt();
      nothing.remove();
      if (errors.length > 0) throw new Error(`the page's console: ${errors.join('; ')}`);
    },
  };
}

/** What axe has to say against the page as it stands. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8')); // no script tag is let in
  return page.evaluate(async () => {
    type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}

/** A `longhand lab` that was started. */
export interface RunningLab {
  readonly address: string;
  /** All of its standard output, and what it says beside it. */
  output(): string;
  notes(): string;
  /** Presses Ctrl-C; gives the exit code. */
  interrupt(): Promise<number | null>;
}

/** `longhand lab` as a user starts it; on a free port unless asked otherwise, and of this repository. */
export async function runLab(
  args: readonly string[],
  {
    command = join(root, 'dist/cli/longhand.js'),
    port = ['--port', '0'],
    cwd,
  }: { command?: string; port?: readonly string[]; cwd?: string } = {},
): Promise<RunningLab> {
  const child = spawn(
    process.execPath,
    [command, 'lab', '--no-open', ...port, ...args],
    cwd === undefined ? {} : { cwd },
  );
  let [output, notes] = ['', ''];
  child.stderr.on('data', text => (notes += text));
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', text => {
      output += text;
      if (output.includes('\n')) resolve(output.trim());
    });
    ended.then(code => reject(new Error(`longhand lab ended with ${code}: ${notes}`)));
  });
  return {
    address,
    output: () => output,
    notes: () => notes,
    interrupt() {
      child.kill('SIGINT');
      return ended;
    },
  };
}
