import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { type Comparison, compareLogs } from '../compare/compare.ts';
import { investigate } from '../compare/investigate.ts';
import { decodeLog, type Log, LogError, parseLog } from '../compare/log.ts';
import { type Sizes, STEPS_BEFORE_THE_RISE } from '../compare/parting.ts';
import { makeEngine } from '../engine/engines.ts';
import { readFile } from '../platform/files.ts';
import { firstSamples } from '../prologue/load-data.ts';
import { defaults, type Settings, samplesOf } from '../settings/table.ts';
import { prepareTraining, type Training, tellTraining } from '../story.ts';
import { manualSeed } from '../tensor/index.ts';
import { initialParameters, type StepReport } from '../train.ts';
import { addDataDir, type DataDir } from './data-dir.ts';
import { mustFit } from './drawn-data.ts';
import { untilInterrupted } from './interrupt.ts';
import { joinVectors } from './join-vectors.ts';
import { loadOrDraw } from './load-or-draw.ts';
import { addSettings, givenSettings, mustGoTogether } from './options.ts';
import { progress } from './progress.ts';
import { Terminal } from './terminal.ts';
import { belowHelp } from './wrap.ts';

/** `longhand compare`: where two trainings part, and why. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .description("say where a log and Longhand's own, or two logs, part, and whether as two correct programs do")
    .argument('<log>', "what the practical printed, in any language; or a saved run's folder or log.csv")
    .argument('[other]', 'another one, to be compared with; without it Longhand trains with the settings given here');
  return addDataDir(addSettings(command))
    .addHelpText(
      'after',
      belowHelp(
        'Settings are those that the log was made with; data set and size are taken from the log where it tells them. ' +
          'Exits with 1 where the two are two programs.',
      ),
    )
    .action(compareAsAsked);
}

/** Longer ones are no logs of the practical. */
const MOST_BYTES = 2 ** 28;

async function compareAsAsked(
  log: string,
  other: string | undefined,
  { dataDir }: DataDir,
  command: Command,
): Promise<void> {
  const one = await readLog(log);
  const given = { ...settingsOf(one), ...givenSettings(command) };
  mustGoTogether({ ...defaults, ...given }, command);
  const comparison =
    other === undefined
      ? await withReference(one, log, { ...defaults, ...given }, dataDir)
      : compareLogs(one.reports, (await readLog(other)).reports, sizesOf(one, given), [log, other]);
  process.stdout.write(`${comparison.says.map(sentence => `${sentence}\n`).join('')}`);
  if (comparison.verdict === 'different') process.exitCode = 1;
}

async function readLog(path: string): Promise<Log> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isFolder ? join(path, 'log.csv') : path;
  const bytes = await readFile(file, MOST_BYTES);
  if (bytes === undefined) throw new LogError(`compare: ${file}: there is no such file`);
  return parseLog(decodeLog(bytes), path);
}

/** What a log tells of its settings. */
function settingsOf({ title, samples }: Log): Partial<Settings> {
  const datasets: Readonly<Record<string, Settings['dataset']>> = {
    MNIST: 'mnist',
    'Fashion-MNIST': 'fashion-mnist',
    KMNIST: 'kmnist',
    CIFAR: 'cifar10',
    'drawn digits': 'drawn',
  };
  const dataset = title === undefined ? undefined : datasets[title];
  const train = samples?.train;
  const { tiny, reduced } = firstSamples;
  const part = train === tiny.train ? 'tiny' : train === reduced.train ? 'reduced' : 'full';
  const isNumber = dataset === 'drawn' && part === 'full' && train !== samplesOf('full').train;
  const size = train && (isNumber ? train : part);
  return { ...(dataset && { dataset }), ...(size && { size }) };
}

/** How many samples errors are of, where only logs are at hand. */
function sizesOf({ samples }: Log, { size = defaults.size }: Partial<Settings>): Sizes {
  return samples ?? samplesOf(size);
}

/** Trains with the log's settings for as many steps as it has, and compares. */
async function withReference(log: Log, name: string, settings: Settings, dataDir?: string): Promise<Comparison> {
  joinVectors();
  const terminal = new Terminal({ quiet: false });
  const stop = untilInterrupted(by => `compare: stopped by ${by}`);
  mustFit(settings, { operation: 'compare', by: settings.engine });
  const data = await loadOrDraw(settings, { dataDir, mayDraw: false, log: () => {}, terminal, signal: stop });
  // where rounding is amplified only the steps to come tell
  const steps = log.reports.length + STEPS_BEFORE_THE_RISE;
  const training = await prepareTraining({ ...settings, steps }, data);
  const longer = await reportsOf(training, terminal, stop);
  const sizes = { train: training.engine.trainCount, test: training.engine.testCount };
  const names = [name, 'Longhand'] as const;
  const reference = longer.slice(0, log.reports.length);
  const comparison = compareLogs(log.reports, reference, sizes, names, longer);
  if (comparison.verdict === 'equal' || comparison.verdict === 'rounding') return comparison;

  const { problem } = training;
  const shape = { inputs: problem.testInput.size(1), hidden: settings.hidden, classes: problem.testTarget.size(1) };
  const startOf = (seed: number) => {
    manualSeed(seed);
    return initialParameters(shape, settings.epsilon);
  };
  const found = await investigate(
    { log: log.reports, reference, sizes, classes: shape.classes, zeta: settings.zeta },
    {
      engine: parameters => makeEngine(settings.engine, problem, parameters, {}),
      start: () => startOf(settings.seed),
      startOf,
      eta: settings.eta,
      seeds: Array.from({ length: SEEDS }, (_, seed) => seed),
      signal: stop,
    },
  );
  return { ...comparison, says: [...comparison.says, ...found.map(why => `what explains the first steps: ${why}`)] };
}

/** People take small ones. */
const SEEDS = 21;

async function reportsOf(training: Training, terminal: Terminal, stop: AbortSignal): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  const collect = { step: (report: StepReport) => void reports.push(report) };
  try {
    await tellTraining(training, [collect, progress(terminal.bar)], stop);
  } finally {
    terminal.bar.clear();
    await training.engine.dispose();
  }
  stop.throwIfAborted();
  return reports;
}
