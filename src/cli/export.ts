import { realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { saveFile, sweep } from '../platform/durable/draft.ts';
import { onDisk } from '../platform/durable/file-system.ts';
import { inRun } from '../run/errors.ts';
import { type FormatName, formats } from '../run/export/formats.ts';
import { readNetwork, runFiles } from '../run/run.ts';
import { LonghandError } from '../tensor/index.ts';

/** `longhand export`: a saved network for other programs. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write a trained network in the format of other programs')
    .argument('<run>', 'the folder that `longhand train --out` wrote, or a checkpoint')
    .addOption(new Option('--to <format>', 'the format').choices(Object.keys(formats)).makeOptionMandatory())
    .option('--out <file>', 'where to, - is standard output (default: network.FORMAT in the folder of the run)')
    .action(async (run: string, { to, out }: { to: FormatName; out?: string }) => {
      const bytes = await formats[to](await readNetwork(run));
      const file = out ?? join(run.endsWith('.safetensors') ? dirname(run) : run, `network.${to}`);
      if (file === '-') process.stdout.write(bytes);
      else {
        inRun(() => write(file, bytes));
        process.stdout.write(`${file}: ${bytes.length} bytes\n`);
      }
    });
}

/** Writes a file so that it is whole or as it was. A pipe or a device is written into: it is not to be replaced. */
function write(path: string, bytes: Uint8Array): void {
  const there = onDisk(path, () => statSync(path, { throwIfNoEntry: false }));
  if (there !== undefined && !there.isFile()) {
    onDisk(path, () => writeFileSync(path, bytes));
    return;
  }
  const file = there === undefined ? path : realpathSync(path); // a link stays, and what it leads to is replaced
  if (there !== undefined && runFiles.includes(basename(file)))
    throw new LonghandError(`export: ${file} belongs to a run, and is not written over. Choose another name`);
  sweep(dirname(file), [basename(file)]); // what an export that was killed left there
  saveFile(file, bytes);
}
