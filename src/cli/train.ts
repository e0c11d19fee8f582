import { Command, Option } from 'commander';
import { NoDataError, type OneHotData } from '../prologue/index.ts';
import type { LargeData } from '../prologue/large-data.ts';
import type { Reduce } from '../ranks/engine.ts';
import { launched } from '../ranks/launcher.ts';
import type { Ranks } from '../ranks/ranks.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../run/checkpoint.ts';
import { RunFolder } from '../run/run.ts';
import { saving } from '../run/saving.ts';
import { defaults, type Settings } from '../settings/table.ts';
import { positive, whole } from '../settings/values.ts';
import { type Listener, prepareTraining, tellTraining } from '../story.ts';
import { LonghandError } from '../tensor/index.ts';
import { logLine } from '../train.ts';
import { compareWithFunctions } from './compare-with-functions.ts';
import { addDataDir, type DataDir, mustLieInFolder } from './data-dir.ts';
import { mustFit } from './drawn-data.ts';
import { ending } from './ending.ts';
import { type InterruptedError, untilInterrupted } from './interrupt.ts';
import { joinVectors } from './join-vectors.ts';
import { loadOrDraw } from './load-or-draw.ts';
import { addSettings, givenSettings, mustGoTogether, reading } from './options.ts';
import { plateauNotes } from './plateau.ts';
import { progress } from './progress.ts';
import { continued } from './resume.ts';
import { Terminal } from './terminal.ts';

/** What is asked for beside the settings: none of it changes the result. */
interface Wishes extends DataDir {
  readonly threads?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly every?: number;
  readonly practice?: string;
  readonly quiet?: true;
  readonly reduce?: Reduce;
  readonly mpiLibrary?: string;
  readonly patience?: number;
}

/** `longhand train`: the practical. */
export function trainCommand(): Command {
  const command = new Command('train').description(
    'train 784-50-10 on MNIST, as the practical asks, and print loss and errors after each step',
  );
  return addDataDir(addSettings(command))
    .option(
      '--threads <n>',
      'threads of the wasm engine; they change no bit (default: as many as help)',
      reading(whole(1, 256)),
    )
    .option('--out <dir>', 'save the run there: checkpoint, log and a picture of the hidden units')
    .addOption(new Option('--resume <dir>', 'go on with the run that was saved there').conflicts('out'))
    .option(
      '--every <n>',
      'save every so many steps (default: every five seconds); at the end and on Ctrl-C in any case',
      reading(whole(1)),
    )
    .addOption(
      new Option(
        '--practice <path>',
        "train with your own six functions, a folder of `longhand learn` or a file, beside Longhand's",
      ).conflicts(['engine', 'out', 'resume']),
    )
    .option('--quiet', 'only the log, no progress and no notes')
    .addOption(
      new Option(
        '--reduce <how>',
        'how the sums of several ranks, which mpirun starts, become one: tree has the bits of one process',
      )
        .choices(['tree', 'fast'])
        .default('tree'),
    )
    .option('--mpi-library <path>', 'the MPI library of the launcher (default: found by its name)')
    .option(
      '--patience <seconds>',
      'how long a rank waits for another before it ends the run (default: 60)',
      reading(positive),
    )
    .action(trainAsAsked);
}

/** Trains: into no folder, into a new one, or on from where a run was saved. */
async function trainAsAsked(wishes: Wishes, command: Command): Promise<void> {
  const given = givenSettings(command);
  const { out, resume, every, dataDir } = wishes;
  mustLieInFolder(given.dataset, dataDir, command);
  if (every !== undefined && out === undefined && resume === undefined)
    command.error('error: --every saves a run; it wants --out or --resume too');

  if (resume === undefined) mustGoTogether({ ...defaults, ...given }, command);
  const begin = async (ranks?: Ranks): Promise<void> => {
    if (ranks !== undefined && ranks.rank > 0) await follow(ranks, wishes);
    else if (resume !== undefined) await goOn(resume, given, wishes, ranks);
    else {
      const settings = { ...defaults, ...given };
      const mayDraw = given.dataset === undefined && dataDir === undefined;
      const run = out === undefined ? undefined : await RunFolder.create(out);
      try {
        await tell({ settings, mayDraw, run }, wishes, ranks);
      } finally {
        run?.close();
      }
    }
  };
  const starter = launched();
  if (starter === undefined) await begin();
  else {
    if (wishes.practice !== undefined || (given.engine ?? 'wasm') !== 'wasm')
      command.error('error: ranks train with the kernels; leave out --practice and --engine, or the launcher');
    await (await import('./together.ts')).together(starter, wishes, begin);
  }
}

/** What rank 0 tells the others of the training that they are to do with it. */
interface Told {
  readonly settings: Settings;
  readonly checkpoint: Uint8Array | undefined;
}

/** Trains as a rank that is not the first: with what rank 0 has found out, in silence. */
async function follow(ranks: Ranks, wishes: Wishes): Promise<void> {
  const { settings, checkpoint } = await ranks.fromFirst<Told>();
  const from = checkpoint === undefined ? {} : { from: await decodeCheckpoint(checkpoint) };
  await tell({ settings, mayDraw: false, ...from }, { ...wishes, quiet: true }, ranks);
}

async function goOn(folder: string, given: Partial<Settings>, wishes: Wishes, ranks?: Ranks): Promise<void> {
  const { run, checkpoint } = await RunFolder.resume(folder);
  try {
    const settings = continued(folder, given, checkpoint);
    await tell({ settings, mayDraw: false, run, from: checkpoint }, wishes, ranks);
  } catch (error) {
    if (!(error instanceof NoDataError) || wishes.dataDir !== undefined) throw error;
    throw new NoDataError(`${error.message}. If the run was made with --data-dir, give it again`, { cause: error });
  } finally {
    run.close();
  }
}

interface Plan {
  readonly settings: Settings;
  /** Whether drawn digits may take the place of data that cannot be had. */
  readonly mayDraw: boolean;
  /** Where it is saved, if it is. */
  readonly run?: RunFolder | undefined;
  /** Where it goes on, if it does. */
  readonly from?: Checkpoint;
}

/** A training from its data to its last word. Whoever only watches is one of the listeners. */
async function tell(
  { settings, mayDraw, run, from }: Plan,
  { dataDir, threads, every, practice, quiet, reduce }: Wishes,
  ranks?: Ranks,
): Promise<void> {
  const isFirst = ranks === undefined || ranks.rank === 0;
  mustFit(settings, {
    ...{ operation: 'train', by: practice === undefined ? settings.engine : 'practice' },
    ...{ threads, ranks: ranks?.size },
  });
  if (ranks !== undefined && settings.engine !== 'wasm')
    throw new LonghandError(
      `train: ranks train with the kernels, and this run is of --engine ${settings.engine}; start it without the launcher`,
    );
  joinVectors();
  const terminal = new Terminal({ quiet: quiet === true });
  if (run !== undefined) terminal.goOnUnread();
  // what reads and watches a learner's code is loaded for who asks for it
  const practising = practice === undefined ? undefined : await import('./practising.ts');
  const practised = practising?.practising(practice!, terminal, threads);
  const stop = untilInterrupted(by => `train: stopped by ${by} while the data were read, before the first step`);

  if (ranks !== undefined && isFirst)
    await ranks.fromFirst<Told>({ settings, checkpoint: from && (await encodeCheckpoint(from)) });
  const load = (): Promise<OneHotData | LargeData> =>
    loadOrDraw(settings, {
      ...{ dataDir, mayDraw, threads, terminal, signal: stop },
      log: line => terminal.print(line),
    });
  const together =
    ranks &&
    (await (
      await import('./together.ts')
    ).trainingTogether(ranks, settings, {
      ...{ load, threads, reduce, terminal, signal: stop },
    }));
  const data = together?.data ?? (await load());
  await compareWithFunctions(settings.engine, terminal);
  const dataset = data.dataset as Settings['dataset'];
  const engine = practised?.engine ?? together?.engine;
  const training = await prepareTraining({ ...settings, dataset }, data, { from, threads, engine });
  const stopAll = together?.stop ?? stop;
  const listeners: Listener[] = [
    { step: report => terminal.print(logLine(report)) },
    ...(run === undefined ? [] : [saving(run, every, from)]),
    ...(practised === undefined ? [] : [practised.beside]),
    ...(ranks === undefined ? [plateauNotes(line => terminal.note(line))] : []),
    progress(terminal.bar),
    ending(terminal, stopAll, run?.folder),
    ...(together === undefined ? [] : [together.listener]),
  ];
  try {
    await tellTraining(training, isFirst ? listeners : [], stopAll);
  } catch (error) {
    throw practised === undefined ? error : await practised.beside.explained(error);
  } finally {
    terminal.bar.clear();
    await practised?.beside.dispose();
    await training.engine.dispose();
  }
  if (stopAll.aborted) process.exitCode = (stopAll.reason as InterruptedError).exitCode;
}
