import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { checkTakesPictures } from '../predict/predict.ts';
import { readCheckpoint } from '../run/run.ts';
import { whole } from '../settings/values.ts';
import { LonghandError } from '../tensor/index.ts';
import { addDataDir, type DataDir } from './data-dir.ts';
import { untilInterrupted } from './interrupt.ts';
import { reading } from './options.ts';
import { hasScreen, openBrowser } from './serving/browser.ts';
import { pageIn } from './serving/page.ts';
import { Samples } from './serving/samples.ts';
import { SavedRun } from './serving/saved.ts';
import { type Contents, serve } from './serving/server.ts';
import { belowHelp } from './wrap.ts';

interface LabOptions extends DataDir {
  readonly port?: number;
  readonly open: boolean;
}

/** `longhand lab`: the page in which a training is seen, served to this machine alone. */
export function labCommand(): Command {
  const command = new Command('lab')
    .description(
      'see it learn: a page on this machine that trains, shows what the units look for, and goes back in time',
    )
    .argument('[run]', 'open this run: the folder that `longhand train --out` wrote, or a checkpoint')
    .option(
      '--port <n>',
      'listen on this port; 0 is any free one (default: 8784, or the next free one)',
      reading(whole(0, 65_535)),
    )
    .option('--no-open', 'open no browser; the address is printed in any case');
  return addDataDir(command, 'look for MNIST and its like here and nowhere else')
    .addHelpText('after', belowHelp(about))
    .action(lab);
}

const about = `
The page is served to this machine alone, and computes in your browser: nothing
leaves it. It shows MNIST where \`longhand data\` has put it, and otherwise digits
that it draws itself. Ctrl-C ends it.`;

const PAGE = fileURLToPath(new URL('../../lab/dist', import.meta.url));

async function lab(run: string | undefined, { port, open, dataDir }: LabOptions): Promise<void> {
  const page = pageIn(PAGE);
  if (run !== undefined) await checkRun(run);
  const stop = untilInterrupted(by => `lab: ended by ${by}`);
  const samples = new Samples(dataDir, stop);
  const saved = run === undefined ? undefined : new SavedRun(run);
  const contents: Contents = async path => {
    if (path === '/lab.json') {
      const text = JSON.stringify({ ...(await samples.atHand()), run: saved?.about() ?? null });
      return { type: 'application/json', parts: [new TextEncoder().encode(text)] };
    }
    return page.get(path) ?? (await saved?.at(path)) ?? samples.at(path);
  };

  const server = await serve(contents, port);
  process.stdout.write(`${server.address}\n`);
  if (open && hasScreen()) openBrowser(server.address);
  process.stderr.write('longhand: the lab is at this address, for browsers on this machine; Ctrl-C ends it\n');
  if (!stop.aborted) await once(stop, 'abort');
  // this is how it is ended: nothing was left undone, and the command succeeds
  await server.close();
}

/** @throws LonghandError where it is no run, or one of other things than the page shows. */
async function checkRun(path: string): Promise<void> {
  const run = await readCheckpoint(path);
  try {
    checkTakesPictures(run);
  } catch (cause) {
    throw new LonghandError(`lab: ${path}: ${(cause as Error).message}`, { cause });
  }
}
