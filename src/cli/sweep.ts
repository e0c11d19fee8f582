import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { cores } from '#platform';
import { Draft } from '../platform/durable/draft.ts';
import { onDisk } from '../platform/durable/file-system.ts';
import { FileError } from '../platform/file-error.ts';
import type { OneHotData } from '../prologue/index.ts';
import { MOST_IN_TENSORS } from '../prologue/large-data.ts';
import { defaults, samplesOf, settingNames } from '../settings/table.ts';
import { positive, whole } from '../settings/values.ts';
import { type Measure, measures } from '../sweep/curve.ts';
import { type Choices, countOf, folderNameOf, inWords, practicalOnce } from '../sweep/grid.ts';
import { type Goal, type Observed, observe, type Questions } from '../sweep/observed.ts';
import { Record } from '../sweep/record.ts';
import type { Order } from '../sweep/runner.ts';
import { trainSideBySide } from '../sweep/side-by-side.ts';
import { summaryOf } from '../sweep/summary.ts';
import { asAscii, showsUnicode } from './characters.ts';
import { compareWithFunctions } from './compare-with-functions.ts';
import { addDataDir, type DataDir, mustLieInFolder } from './data-dir.ts';
import { untilInterrupted } from './interrupt.ts';
import { joinVectors } from './join-vectors.ts';
import { loadOrDraw } from './load-or-draw.ts';
import { mustGoTogether, reading } from './options.ts';
import { partOf, type Shard, shardFrom } from './shard.ts';
import { Countdown } from './sweeping/countdown.ts';
import { csvOf } from './sweeping/csv.ts';
import { curvesPicture, MOST_CURVES } from './sweeping/curves.ts';
import { addSettingLists, givenLists, readingList } from './sweeping/lists.ts';
import { type Plan, type PlannedRun, planOf } from './sweeping/plan.ts';
import { tableOf } from './sweeping/table.ts';
import { Terminal } from './terminal.ts';
import { belowHelp } from './wrap.ts';

interface Wishes extends DataDir {
  readonly at?: readonly number[];
  readonly reach?: readonly Goal[];
  readonly csv?: string;
  readonly plot?: string;
  readonly out?: string;
  readonly shard?: Shard;
  readonly jobs: number;
  readonly quiet?: true;
}

/** Where what is done is kept unless `--out` says where the runs themselves are. */
const KEPT = 'longhand-sweep';
/** More are a slip of the finger. */
const MOST_RUNS = 100_000;

/** `longhand sweep`: the training over many seeds and settings. */
export function sweepCommand(): Command {
  const command = new Command('sweep').description(
    'train with many seeds and settings, all combinations of them, and say what comes of it over the seeds',
  );
  return addDataDir(addSettingLists(command))
    .addOption(
      new Option('--at <steps,…>', 'say what comes after so many steps too, beside the end').argParser(
        readingList(whole(1)),
      ),
    )
    .addOption(
      new Option(
        '--reach <measure=x,…>',
        'say after how many steps this is reached: test-error=15.7, training-error=3.6, loss=100',
      ).argParser(goalsFrom),
    )
    .addOption(
      new Option('--csv <file>', 'the table for a spreadsheet, a row a setting').argParser(
        fileName(/^(?!-$)./, 'the name of a file, such as table.csv; the table is on standard output as it is'),
      ),
    )
    .addOption(
      new Option('--plot <file.svg>', 'the curves over the seeds, median and band, as a picture').argParser(
        fileName(/\.svg$/i, 'the name of an .svg file'),
      ),
    )
    .option(
      '--out <dir>',
      `save the runs themselves there too, a folder each (what is done is kept in ${KEPT} otherwise)`,
    )
    .addOption(
      new Option('--shard <i/n>', 'train the i-th of n parts only, for many machines')
        .argParser(shardFrom)
        .conflicts(['csv', 'plot']),
    )
    .addOption(
      new Option('--jobs <n>', 'so many runs at once')
        .argParser(reading(whole(1, 1024)))
        .default(cores(), 'one for each processor'),
    )
    .option('--quiet', 'only the table, no progress and no notes')
    .addHelpText('after', belowHelp(about))
    .action(sweepAsAsked);
}

const about = `
Lists and ranges may be mixed: --hidden 10,50,200 --seed 0..99. What is done is
kept: after Ctrl-C the same command goes on, a longer list trains what is
missing, and --at, --reach, --csv and --plot ask about runs that are there. The
parts of --shard share a folder; without --shard the same command makes one
table of them. Exits with 1 where a run failed and may be tried again; one that
became NaN is a row.`;

/** Reads the name of a file that is to be written. */
function fileName(form: RegExp, wanted: string): (text: string) => string {
  return text => {
    if (!form.test(text)) throw new InvalidArgumentError(`It wants ${wanted}.`);
    return text;
  };
}

function goalsFrom(text: string, before: readonly Goal[] = []): Goal[] {
  const goals = text.split(',').map(part => {
    const [, name = '', value = ''] = /^\s*([a-z-]+)=(.*)$/.exec(part) ?? [];
    const measure = name.replace('-', '_') as Measure;
    if (!measures.includes(measure))
      throw new InvalidArgumentError(
        `'${part}': it wants a measure and a value, such as test-error=15.7; measures are loss, training-error and test-error.`,
      );
    return { measure, value: reading(positive)(value) };
  });
  return [...before, ...goals];
}

async function sweepAsAsked(wishes: Wishes, command: Command): Promise<void> {
  const given = givenLists(command);
  const choices: Choices = { ...practicalOnce, ...given };
  const at = [...(wishes.at ?? [])].sort((a, b) => a - b);
  const questions = { at, goals: wishes.reach ?? [], curves: wishes.plot !== undefined };
  mustBeAnswerable(command, choices, wishes);

  joinVectors();
  const drafts: Draft[] = [];
  const draftOf = (file: string | undefined): Draft | undefined => {
    if (file === undefined) return undefined;
    noFolderAt(file);
    const draft = new Draft(file);
    drafts.push(draft);
    return draft;
  };
  try {
    const [csv, plot] = [draftOf(wishes.csv), draftOf(wishes.plot)];
    const terminal = new Terminal({ quiet: wishes.quiet === true });
    const interruption = {
      says: (by: string) => `sweep: stopped by ${by} while the data were read, before the first run`,
    };
    const stop = untilInterrupted(by => interruption.says(by));
    const { dataDir } = wishes;
    const mayDraw = given.dataset === undefined && dataDir === undefined;
    const plan = await planOf(choices, async (dataset, size) => {
      const wanted = { ...defaults, dataset, size };
      const data = await loadOrDraw(wanted, { dataDir, mayDraw, log: () => {}, terminal, signal: stop });
      return data as OneHotData; // more than tensors hold were refused above
    });
    for (const engine of choices.engine) await compareWithFunctions(engine, terminal);

    const observed = await trained(plan, questions, { ...wishes, terminal, stop, interruption });
    if (wishes.shard !== undefined) return;
    const { grid, title } = plan;
    const rows = summaryOf(grid, observed, questions);
    csv?.finish(bytes(csvOf(rows, grid.seeds)));
    plot?.finish(bytes(curvesPicture(grid, observed, { goals: questions.goals, title })));
    const table = tableOf(rows, grid.varied, process.stdout.isTTY ? process.stdout.columns || 80 : 80);
    process.stdout.write(showsUnicode() ? table : asAscii(table));
  } finally {
    for (const draft of drafts) draft.discard();
  }
}

/** The name of a folder would show only once everything is trained. */
function noFolderAt(file: string): void {
  if (onDisk(file, () => statSync(file, { throwIfNoEntry: false }))?.isDirectory())
    throw new FileError('written', file, 'a folder stands where a file was wanted');
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What no training can answer is said before there is one. */
function mustBeAnswerable(command: Command, choices: Choices, { at = [], plot, dataDir }: Wishes): void {
  const count = countOf(choices);
  if (count > MOST_RUNS)
    command.error(
      `error: these are ${count.toLocaleString('en-US')} runs; ${MOST_RUNS.toLocaleString('en-US')} is the most`,
    );
  const rows = count / choices.seed.length;
  if (plot !== undefined && rows > MOST_CURVES)
    command.error(`error: --plot shows ${MOST_CURVES} settings at most, and these are ${rows}; choose fewer for it`);
  const unseeded = choices.seed.find(seed => seed < 0);
  if (unseeded !== undefined)
    command.error(`error: --seed ${unseeded} is a training that nobody can repeat; a sweep wants seeds from 0 on`);
  const longest = Math.max(...choices.steps);
  const beyond = at.find(steps => steps > longest);
  if (beyond !== undefined) command.error(`error: --at ${beyond} is beyond the ${longest} steps of these runs`);
  const most = Math.max(...choices.size.map(size => samplesOf(size).train));
  if (most > MOST_IN_TENSORS)
    command.error(`error: --samples ${most} is too many for a sweep; ${MOST_IN_TENSORS} is the most`);
  for (const dataset of choices.dataset) {
    for (const size of choices.size) mustGoTogether({ dataset, size }, command);
    mustLieInFolder(dataset, dataDir, command);
  }
}

/** What a training is shown on, and how it is stopped. */
interface Surroundings {
  readonly terminal: Terminal;
  readonly stop: AbortSignal;
  /** What is said where it was. */
  readonly interruption: { says(by: string): string };
}

/** What is known of each run once those that are missing are trained: all of them, or those of a part. */
async function trained(
  { runs, data }: Plan,
  questions: Questions,
  { out, shard, jobs, terminal, stop, interruption }: Wishes & Surroundings,
): Promise<Observed[]> {
  const folder = out ?? KEPT;
  const record = await Record.open(folder, shard === undefined ? 'results' : `results-${shard.shard}-of-${shard.of}`);
  try {
    const observed = await observedIn(record, runs, questions);
    const asked = partOf([...runs.keys()], shard);
    const left = asked.filter(run => observed[run] === undefined);
    const isKept = (run: number) => observed[run] !== undefined && observed[run].failed === undefined;
    const sayDone = () => `${asked.filter(isKept).length} of ${asked.length} runs are in ${folder}`;
    const atOnce = Math.min(jobs, left.length);
    if (left.length < asked.length) terminal.note(`${sayDone()} already`);
    if (left.length > 0)
      terminal.note(
        `${left.length > 1 ? `${left.length} runs, ${atOnce} at a time` : '1 run'}; what is done is kept in ${folder}`,
      );

    const countdown = new Countdown(
      left.map(run => runs[run]!.work),
      terminal,
    );
    interruption.says = by => `sweep: stopped by ${by}; ${sayDone()}, and the same command goes on from there`;
    const orders = left.map((run): Order => {
      const { settings, data } = runs[run]!;
      return { settings, data, folder: out === undefined ? undefined : join(out, folderNameOf(settings)) };
    });
    await trainSideBySide(orders, {
      ...{ jobs: atOnce, threads: Math.max(1, Math.floor(cores() / Math.max(1, atOnce))), data, signal: stop },
      onSteps: (i, steps) => countdown.isAt(i, steps / orders[i]!.settings.steps),
      onDone(i, outcome) {
        const { key, settings } = runs[left[i]!]!;
        if (outcome.failed === undefined) record.add(key, settings, outcome);
        observed[left[i]!] = observe(outcome, settings.steps, questions);
        countdown.isDone(i);
      },
    }).finally(() => countdown.clear());

    const failed = asked.filter(run => !isKept(run));
    if (failed.length > 0) process.exitCode = 1;
    if (shard !== undefined) {
      for (const run of failed)
        terminal.warn(`${inWords(runs[run]!.settings, settingNames)}: ${observed[run]!.failed}`);
      terminal.note(`${sayDone()}; without --shard the same command makes one table of all parts`);
    }
    return observed as Observed[];
  } finally {
    record.close();
  }
}

/** What is known of those runs that are in the record; of the others, nothing. */
async function observedIn(
  record: Record,
  runs: readonly PlannedRun[],
  questions: Questions,
): Promise<(Observed | undefined)[]> {
  const observed: (Observed | undefined)[] = runs.map(() => undefined);
  const places = new Map(runs.map(({ key }, run) => [key, run]));
  for await (const { key, outcome } of record.outcomes()) {
    const run = places.get(key);
    if (run !== undefined) observed[run] = observe(outcome, runs[run]!.settings.steps, questions);
  }
  return observed;
}
