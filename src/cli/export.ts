import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { type FormatName, formats } from '../run/export/formats.ts';
import { readCheckpoint } from '../run/run.ts';
import { saveFile } from '../run/save.ts';

/** `longhand export`: a saved network for other programs. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write a trained network in the format of other programs')
    .argument('<run>', 'the folder that `longhand train --out` wrote, or a checkpoint')
    .addOption(new Option('--to <format>', 'the format').choices(Object.keys(formats)).makeOptionMandatory())
    .option('--out <file>', 'where to (default: network.FORMAT in the folder of the run)')
    .action(async (run: string, { to, out }: { to: FormatName; out?: string }) => {
      const checkpoint = await readCheckpoint(run);
      const bytes = await formats[to](checkpoint);
      const file = out ?? join(run.endsWith('.safetensors') ? dirname(run) : run, `network.${to}`);
      saveFile(file, bytes);
      process.stdout.write(`${file}: ${bytes.length} bytes\n`);
    });
}
