import { type Command, Option } from 'commander';
import type { Settings } from '../settings/table.ts';

/** What a command is given by `--data-dir`. */
export interface DataDir {
  readonly dataDir?: string;
}

/** Gives a command `--data-dir`, and the same in the spelling of the practical's helper file. */
export function addDataDir(command: Command, about = 'look for the files here and nowhere else'): Command {
  const theirs = new Option('--data_dir <dir>', "the same, in the helper file's spelling").hideHelp();
  theirs.attributeName = () => 'dataDir';
  return command.option('--data-dir <dir>', about).addOption(theirs);
}

/** Ends a command that is given a folder for digits that lie in none. */
export function mustLieInFolder(
  dataset: Settings['dataset'] | undefined,
  dataDir: string | undefined,
  command: Command,
): void {
  if (dataset !== 'drawn' || dataDir === undefined) return;
  command.error('error: --dataset drawn lies in no folder; leave out --data-dir');
}
