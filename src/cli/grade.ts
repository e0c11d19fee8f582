import { realpathSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { Command, Option } from 'commander';
import { Draft, saveFile } from '../platform/durable/draft.ts';
import { makeFolder } from '../platform/durable/folders.ts';
import { readFile } from '../platform/files.ts';
import { classReport, identicalIn, mistakesIn } from '../practice/grade/class-report.ts';
import { csvOf } from '../practice/grade/csv.ts';
import { feedbackOf, percent } from '../practice/grade/feedback.ts';
import type { Graded } from '../practice/grade/graded.ts';
import { marked, type Rubric, rubricFrom } from '../practice/grade/rubric.ts';
import { grade } from '../practice/node/grade/grading.ts';
import { MOST_SEED, Record, type Shard } from '../practice/node/grade/record.ts';
import { type Isolation, probeSandbox, type Sandbox } from '../practice/node/grade/sandbox.ts';
import { findSubmissions, keyOf } from '../practice/node/grade/submissions.ts';
import { whole } from '../settings/values.ts';
import { LonghandError } from '../tensor/index.ts';
import { untilInterrupted } from './interrupt.ts';
import { reading } from './options.ts';
import { partOf, shardFrom } from './shard.ts';
import { belowHelp } from './wrap.ts';

interface GradeOptions {
  readonly out?: string;
  readonly csv?: string;
  readonly json?: string;
  readonly rubric?: string;
  readonly seed?: number;
  readonly shard?: Shard;
  readonly jobs: number;
  readonly isolation: '1' | '2';
}

/** `longhand grade`: the verdict of `check` on a whole class. */
export function gradeCommand(): Command {
  return new Command('grade')
    .description("judge a class's submissions, each kept apart from this machine and from what is right")
    .argument('<submissions>', 'a folder of files or of folders, or the zip that Moodle or Canvas gives')
    .option('--out <dir>', 'keep results, seed, class report and feedback here (default: NAME-graded)')
    .option('--csv <file>', 'the table for a spreadsheet')
    .option('--json <file>', 'the verdicts as JSON')
    .option('--rubric <file>', 'points for each stage, as JSON: { "sigma": 1, "dsigma": 2 } (default: one each)')
    .addOption(
      new Option('--seed <n>', 'draw the numbers from this seed (default: a secret one)').argParser(
        reading(whole(0, MOST_SEED)),
      ),
    )
    .addOption(new Option('--shard <i/n>', 'grade the i-th of n parts only, for many machines').argParser(shardFrom))
    .addOption(
      new Option('--jobs <n>', 'so many at once')
        .argParser(reading(whole(1, 1024)))
        .default(availableParallelism(), 'one for each processor'),
    )
    .addOption(
      new Option('--isolation <level>', 'the least to be content with: 2 is bubblewrap and permissions, 1 permissions')
        .choices(['1', '2'])
        .default('2'),
    )
    .addHelpText('after', belowHelp(about))
    .action(gradeAsAsked);
}

const about = `
What is done is kept in --out: after Ctrl-C the same command goes on, late work is
graded alone and with the same seed, and without --shard the results of all parts
become one table. Exits with 0 once all are graded, whatever came of them.`;

async function gradeAsAsked(path: string, options: GradeOptions): Promise<void> {
  const { csv, json, shard, jobs, out = `${nameOf(path)}-graded` } = options;
  const rubric = options.rubric === undefined ? undefined : await readRubric(options.rubric);
  const submissions = partOf(findSubmissions(path), shard);
  for (const file of [out, csv, json]) if (file !== undefined) outside(path, file);
  for (const file of [csv, json]) if (file !== undefined) mustBeWritable(file);

  const sandbox = await probeSandbox();
  if (sandbox.isolation < Number(options.isolation)) throw new LonghandError(refusal(sandbox));
  note(`isolation ${sandbox.isolation}: ${levels[sandbox.isolation]}`);

  const record = new Record(out, options.seed, shard);
  const all = submissions.map(submission => ({ submission, key: keyOf(submission, submission.read()) }));
  const left = all.filter(({ key }) => !record.has(key));
  if (left.length < all.length) note(`${all.length - left.length} of ${all.length} are graded already`);
  const progress = new Countdown(left.length);
  const stop = untilInterrupted(by => {
    progress.clear();
    return `grade: stopped by ${by}; ${all.length - progress.left} of ${all.length} results are in ${out}, and the same command goes on from there`;
  });
  const { seed } = record;
  await grade(left, { seed, startedBy: sandbox.startedBy, jobs, signal: stop }, (graded, key) => {
    record.add(key, graded, sandbox.isolation);
    progress.step();
  });
  progress.clear();

  const results = all.map(({ key }) => record.of(key)!);
  const graded = results.map(({ graded }) => (rubric === undefined ? graded : marked(graded, rubric)));
  const isolation = Math.min(...results.map(({ isolation }) => isolation)) as Isolation;
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (csv !== undefined) saveFile(csv, bytes(csvOf(graded)));
  if (json !== undefined) saveFile(json, bytes(jsonOf(graded, seed, isolation)));
  const report = shard === undefined ? 'report.md' : `report-${shard.shard}-of-${shard.of}.md`;
  saveFile(join(out, report), bytes(classReport(graded)));
  saveFeedback(join(out, 'feedback'), graded);
  process.stdout.write(table(graded));
  process.stdout.write(summary(graded, join(out, report)));
}

const levels: Readonly<{ [level in Isolation]: string }> = {
  2: "bubblewrap and Node's permissions",
  1: "Node's permissions alone: the network is open to what a submission finds a way to",
  0: 'nothing',
};

function refusal({ isolation, says }: Sandbox): string {
  const or =
    isolation === 1
      ? " Or accept Node's permissions alone with --isolation 1: they keep files and processes away, not the network."
      : ' Nor do the permissions of this Node work.';
  return `grade: other people's code is run at isolation 2, and here it is ${isolation}. ${says}${or}`;
}

async function readRubric(file: string): Promise<Rubric> {
  const bytes = await readFile(file, 1 << 20);
  if (bytes === undefined) throw new LonghandError(`grade: there is no '${file}'`);
  return rubricFrom(new TextDecoder().decode(bytes));
}

const nameOf = (path: string): string => basename(resolve(path)).replace(/\.zip$/i, '');

/** Nothing is written among the submissions. */
function outside(submissions: string, file: string): void {
  if (!statSync(submissions).isDirectory()) {
    if (resolve(file) === resolve(submissions)) throw new LonghandError(`grade: '${file}' is what is to be graded`);
    return;
  }
  const way = relative(realpathSync(submissions), realOf(resolve(file)));
  if (way !== '..' && !way.startsWith(`..${sep}`) && resolve(way) !== way)
    throw new LonghandError(
      `grade: '${file}' lies among the submissions, where nothing is written: name another place`,
    );
}

/** To be known before a class is graded, and not after it. */
function mustBeWritable(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new LonghandError(`grade: '${file}' is a folder, where a file is to be written: name a file in it`);
  new Draft(file).discard();
}

/** With links resolved, as far as it is there. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realOf(dirname(path)), basename(path));
  }
}

function jsonOf(all: readonly Graded[], seed: number, isolation: Isolation): string {
  const submissions = all.map(({ program: _, ...graded }) => graded);
  return `${JSON.stringify({ seed, isolation, submissions }, null, 2)}\n`;
}

/** A file for each, by a name that every system takes. */
function saveFeedback(folder: string, all: readonly Graded[]): void {
  makeFolder(folder);
  const taken = new Set<string>();
  for (const graded of all) {
    const name = graded.submission
      .replace(/[^\p{L}\p{M}\p{N} ._()-]/gu, '_')
      .replace(/^[. ]+|[. ]+$/g, '_')
      .slice(0, 80);
    let file = name;
    for (let n = 2; taken.has(file.toLowerCase()); n++) file = `${name}-${n}`;
    taken.add(file.toLowerCase());
    saveFile(join(folder, `${file}.md`), new TextEncoder().encode(feedbackOf(graded)));
  }
}

function table(all: readonly Graded[]): string {
  const width = Math.min(40, Math.max(...all.map(({ submission }) => submission.length)));
  return all
    .map(graded => {
      const red = graded.stages.filter(({ verdict }) => verdict === 'failed' || verdict === 'missing');
      const first = red.find(({ verdict }) => verdict === 'failed') ?? red[0];
      const what = first === undefined ? '' : `${first.name} ${first.mistake ?? first.verdict}`;
      const others = red.length > 1 ? ` and ${red.length - 1} more` : '';
      const says = graded.reason ?? (graded.passed ? 'passed' : `${what}${others}`);
      const name = graded.submission.length > width ? `${graded.submission.slice(0, width - 1)}…` : graded.submission;
      return `${name.padEnd(width)}  ${percent(graded.score).padStart(5)}  ${says}\n`;
    })
    .join('');
}

const MOST_SHOWN = 8;

function summary(all: readonly Graded[], report: string): string {
  const lines = ['', `${all.filter(({ passed }) => passed).length} of ${all.length} passed`];
  const mistakes = mistakesIn(all);
  for (const { mistake, stage, who } of mistakes.slice(0, MOST_SHOWN)) {
    const some = who.slice(0, 3).join(', ');
    lines.push(
      `${String(who.length).padStart(4)} × ${stage} ${mistake ?? 'not explained'}: ${some}${who.length > 3 ? ', …' : ''}`,
    );
  }
  if (mistakes.length > MOST_SHOWN) lines.push(`       and ${mistakes.length - MOST_SHOWN} mistakes more`);
  for (const who of identicalIn(all)) lines.push(`the same program but for names: ${who.join(', ')}`);
  lines.push(`all of it is in ${report}`);
  return `${lines.join('\n')}\n`;
}

function note(says: string): void {
  process.stderr.write(`longhand: ${says}\n`);
}

/** How far it has come, and the time that is left: a line on a terminal, elsewhere a note now and then. */
class Countdown {
  left: number;
  readonly #count: number;
  readonly #start = performance.now();

  constructor(count: number) {
    this.#count = this.left = count;
  }

  step(): void {
    this.left -= 1;
    const done = this.#count - this.left;
    const seconds = ((performance.now() - this.#start) / done) * (this.left / 1000);
    const time = seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
    const line = `${done} of ${this.#count} graded, about ${time} left`;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${line}`);
    else if (this.left > 0 && done % Math.max(10, Math.ceil(this.#count / 10)) === 0) note(line);
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
  }
}
