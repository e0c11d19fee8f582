import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
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

/** The lab, served and opened. */
export interface OpenedLab {
  readonly address: string;
  readonly browser: Browser;
  /** A page of the lab, its first training ready; what its console says of errors fails the test that closes it. */
  open(options?: BrowserContextOptions & { query?: string }): Promise<Page>;
  close(): Promise<void>;
}

/**
 * Starts `longhand lab` and a browser. Without `args` there is no data set on the machine and no run: the page begins with
 * drawn digits.
 */
export async function startLab(args?: readonly string[]): Promise<OpenedLab> {
  const nothing = temporaryFolder();
  const { address, interrupt } = await runLab(args ?? ['--data-dir', nothing.folder]);
  const browser = await chromium.launch({
    executablePath: chromiumPath!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'],
  });
  const errors: string[] = [];
  return {
    address,
    browser,
    async open({ query = '', ...options } = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      page.on('pageerror', error => errors.push(error.message));
      page.on('console', message => message.type() === 'error' && errors.push(message.text()));
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

/** `longhand lab` as a user starts it, but for the port, which is a free one. */
export interface RunningLab {
  readonly address: string;
  /** What it says beside the address. */
  notes(): string;
  /** Presses Ctrl-C; gives the exit code. */
  interrupt(): Promise<number | null>;
}

/** `command` is the program, this repository's where none is given. */
export async function runLab(
  args: readonly string[],
  { command = join(root, 'dist/cli/longhand.js'), ...options }: { command?: string; cwd?: string } = {},
): Promise<RunningLab> {
  const child = spawn(process.execPath, [command, 'lab', '--no-open', '--port', '0', ...args], options);
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
    notes: () => notes,
    interrupt() {
      child.kill('SIGINT');
      return ended;
    },
  };
}
