import { Command, Option } from 'commander';
import { aboutEngine, type EngineName, engineNames, makeEngine } from '../engine/engines.ts';
import { type DataSetName, loadData, NoDataError, type OneHotData } from '../prologue/index.ts';
import { dataSetNames } from '../prologue/load-data.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import { RunFolder } from '../run/run.ts';
import { defaultGenerator, manualSeed } from '../tensor/index.ts';
import { initialParameters, logLine, problemOf, type StepReport, train } from '../train.ts';
import { downloadLine } from './download-line.ts';
import { type InterruptedError, untilInterrupted } from './interrupt.ts';
import { positiveNumber, wholeNumber } from './options.ts';
import { Plateau } from './plateau.ts';
import { duration, ProgressBar, stepCount } from './progress.ts';
import { continued } from './resume.ts';
import { startSaving } from './saving.ts';
import { summary } from './summary.ts';

export interface TrainOptions {
  full?: true;
  tiny?: true;
  seed: number;
  steps: number;
  hidden: number;
  eta: number;
  epsilon: number;
  zeta: number;
  targets: '01' | 'pm1';
  dataset?: DataSetName;
  cifar?: true;
  dataDir?: string;
  engine: EngineName;
  threads?: number;
  out?: string;
  resume?: string;
  every?: number;
  quiet?: true;
}

/** `longhand train`: the practical. */
export function trainCommand(): Command {
  return new Command('train')
    .description('train 784-50-10 on MNIST, as the practical asks, and print loss and errors after each step')
    .addOption(new Option('--full', 'all samples: 60,000 to train, 10,000 to test').conflicts('tiny'))
    .addOption(new Option('--tiny', '500 samples to train, 100 to test (default: 1,000 and 1,000)'))
    .option(
      '--seed <n>',
      "seed of the initial weights, PyTorch's; negative: do not seed",
      wholeNumber(-(2 ** 53) + 1),
      0,
    )
    .option('--steps <n>', 'gradient steps', wholeNumber(1), 1000)
    .option('--hidden <n>', 'hidden units', wholeNumber(1, 1_000_000), 50)
    .option('--eta <x>', 'step size, divided by the number of training samples', positiveNumber, 0.1)
    .option('--epsilon <x>', 'standard deviation of the initial weights', positiveNumber, 1e-6)
    .option('--zeta <x>', 'what the one-hot targets are multiplied by', positiveNumber, 0.9)
    .addOption(new Option('--targets <kind>', '0 and ζ, or −ζ and ζ as in 2018').choices(['01', 'pm1']).default('01'))
    .addOption(
      new Option('--dataset <name>', 'what to train on (default: mnist, or drawn where it cannot be had)').choices(
        dataSetNames,
      ),
    )
    .addOption(new Option('--cifar', 'short for --dataset cifar10').conflicts('dataset'))
    .option('--data-dir <dir>', 'look for the files here and nowhere else')
    .addOption(new Option('--data_dir <dir>', "the same, in the helper file's spelling").hideHelp())
    .addOption(
      new Option('--engine <name>', `what computes the sums: ${engineNames.map(aboutEngine).join(', or ')}`)
        .choices(engineNames)
        .default('wasm'),
    )
    .option(
      '--threads <n>',
      'threads of the wasm engine; they change no bit (default: as many as cores)',
      wholeNumber(1, 256),
    )
    .option('--out <dir>', 'save the run there: checkpoint, log and a picture of the hidden units')
    .addOption(new Option('--resume <dir>', 'go on with the run that was saved there').conflicts('out'))
    .option(
      '--every <n>',
      'save every so many steps (default: every five seconds); at the end and on Ctrl-C in any case',
      wholeNumber(1),
    )
    .option('--quiet', 'only the log, no progress and no notes')
    .action(async (options: TrainOptions & { data_dir?: string }, command: Command) => {
      const dataDir = options.dataDir ?? options.data_dir;
      const given = dataDir === undefined ? options : { ...options, dataDir };
      const { out, resume, every } = options;
      if (options.dataset === 'drawn' && dataDir !== undefined)
        command.error('error: --dataset drawn lies in no folder; leave out --data-dir');
      if (every !== undefined && out === undefined && resume === undefined)
        command.error('error: --every saves a run; it wants --out or --resume too');
      if (resume !== undefined) {
        const { run, checkpoint } = await RunFolder.resume(resume);
        try {
          const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli';
          await runTraining(continued(given, checkpoint, isGiven), run, checkpoint);
        } catch (error) {
          if (!(error instanceof NoDataError) || dataDir !== undefined) throw error;
          throw new NoDataError(`${error.message}. If the run was made with --data-dir, give it again`);
        } finally {
          run.close();
        }
      } else if (out !== undefined) {
        const run = await RunFolder.create(out);
        try {
          await runTraining(given, run);
        } finally {
          run.close();
        }
      } else await runTraining(given);
    });
}

/** Trains, from `from` on where a run is continued, and saves into `run` where there is one. */
async function runTraining(options: TrainOptions, run?: RunFolder, from?: Checkpoint): Promise<void> {
  const progress = new ProgressBar(!options.quiet);
  let isRead = true;
  const print = (line: string) => {
    if (!isRead) return;
    progress.clear();
    process.stdout.write(`${line}\n`);
  };
  const note = (line: string) => {
    if (options.quiet) return;
    progress.clear();
    process.stderr.write(`longhand: ${line}\n`);
  };
  if (run !== undefined) {
    // without a reader the program ends, but a training that is saved is worth going on with
    process.stdout.removeAllListeners('error').on('error', error => {
      if (isRead)
        note(`standard output cannot be written any more (${error.message}); the training is saved and goes on`);
      isRead = false;
    });
  }
  const stop = untilInterrupted(by => `train: stopped by ${by} while the data were read, before the first step`);

  const { dataset, data } = await loadOrDraw(options, print, note, stop);
  const problem = problemOf(data, options);
  const firstStep = from?.step ?? 0;
  if (from !== undefined) defaultGenerator.setState(from.generator);
  else if (options.seed >= 0) manualSeed(options.seed);
  const sizes = { inputs: problem.trainInput.size(1), hidden: options.hidden, classes: problem.trainTarget.size(1) };
  const parameters = from?.parameters ?? initialParameters(sizes, options.epsilon);
  const engine = await makeEngine(options.engine, problem, parameters, { threads: options.threads });
  const saver = run && (await startSaving(run, { options, dataset, data, engine, from }));

  const plateau = from === undefined ? new Plateau(problem.trainTarget.pow(2).sum().item()) : undefined;
  progress.start();
  const start = performance.now();
  const reports: StepReport[] = [];
  for await (const report of train(engine, { steps: options.steps, eta: options.eta, firstStep })) {
    reports.push(report);
    print(logLine(report));
    await saver?.note(report);
    const remark = plateau?.note(report);
    if (remark !== undefined) note(remark);
    progress.draw(report.step + 1, options.steps, report.step + 1 - firstStep);
    if (stop.aborted) break;
  }
  progress.clear();
  await saver?.save();
  const reached = await engine.parameters();
  await engine.dispose();
  const took = duration((performance.now() - start) / 1000);
  if (stop.aborted) {
    const { by, exitCode } = stop.reason as InterruptedError;
    note(`stopped by ${by} after ${firstStep + reports.length} of ${options.steps} steps, ${took}`);
    process.exitCode = exitCode;
  } else {
    const done = options.steps - firstStep;
    note(
      done > 0 || from === undefined
        ? `${stepCount(done)} in ${took}`
        : `this run has done its ${stepCount(firstStep)} already; a larger --steps goes on with it`,
    );
  }
  if (process.stderr.isTTY && !options.quiet) {
    const done = firstStep + reports.length;
    const { steps } = options;
    const folder = run?.folder;
    const outcome = { reports, done, steps, parameters: reached, problem, folder, args: process.argv.slice(2) };
    process.stderr.write(summary({ ...outcome, columns: process.stderr.columns || 80 }));
  } else if (run !== undefined) note(`saved in ${run.folder}`);
}

/** The data set that was asked for, and its name; MNIST where none was, and drawn digits where there is no MNIST. */
async function loadOrDraw(
  options: TrainOptions,
  log: (line: string) => void,
  onNote: (line: string) => void,
  signal: AbortSignal,
): Promise<{ dataset: DataSetName; data: OneHotData }> {
  const load = async (dataset: DataSetName): Promise<{ dataset: DataSetName; data: OneHotData }> => {
    const line = downloadLine();
    const cleared = (write: (text: string) => void) => (text: string) => {
      line.clear();
      write(text);
    };
    const { full, tiny, dataDir } = options;
    const data = await loadData({
      ...{ dataset, full: full === true, tiny: tiny === true, dataDir, oneHotLabels: true, normalize: true },
      ...{ log: cleared(log), onNote: cleared(onNote), onProgress: options.quiet ? undefined : line.show, signal },
    }).finally(line.clear);
    return { dataset, data };
  };
  if (options.cifar) return load('cifar10');
  if (options.dataset !== undefined || options.dataDir !== undefined) return load(options.dataset ?? 'mnist');
  try {
    return await load('mnist');
  } catch (error) {
    if (!(error instanceof NoDataError)) throw error;
    // even with --quiet: what follows is not what was meant
    process.stderr.write(`longhand: ${error.message}\n`);
    process.stderr.write('longhand: training on drawn digits instead, which Longhand makes itself (--dataset drawn)\n');
    return load('drawn');
  }
}
