import { randomInt } from 'node:crypto';
import { Command, Option } from 'commander';
import { type AuthorsReport, checkAuthors } from '../practice/authors.ts';
import { judge } from '../practice/judge/judge.ts';
import { childAnswerers } from '../practice/node/channel.ts';
import { PracticeFolder } from '../practice/node/folder.ts';
import { readSubmission } from '../practice/node/sources.ts';
import type { Verdict } from '../practice/verdict.ts';
import { whole } from '../settings/values.ts';
import { showsUnicode } from './characters.ts';
import { MOST_SEED } from './learn.ts';
import { laidOut } from './learning/layout.ts';
import { verdictPage } from './learning/pages.ts';
import { reading } from './options.ts';
import { belowHelp } from './wrap.ts';

interface CheckOptions {
  json?: true;
  seed?: number;
  authors?: true;
}

/** `longhand check`: the verdict of `learn` once, for scripts. */
export function checkCommand(): Command {
  return new Command('check')
    .description('say once, stage by stage, whether the six functions in a folder or a file are right')
    .argument(
      '[path]',
      'a folder that `longhand learn` made, or a file that exports the six functions (default: this folder, if it has ' +
        'the exercises in it)',
    )
    .option('--json', 'the verdict as JSON')
    .addOption(
      new Option('--seed <n>', 'draw the numbers from this seed: the same seed, the same verdict').argParser(
        reading(whole(0, MOST_SEED)),
      ),
    )
    .addOption(
      new Option('--authors', 'check the exercises themselves: stubs, solutions, hints, mistakes').conflicts([
        'json',
        'seed',
      ]),
    )
    .addHelpText('after', belowHelp(about))
    .action(check);
}

const about = `
Ends with 0 where all is right, with 1 where it is not, and with 2 where there
is nothing to check. A file exports the functions by the practical's names,
forwardPass or forward_pass; it may import 'longhand/tensor' and files beside
it. It is judged up to the accumulation of the gradients, and further where it
exports \`train\`. The code runs in a process of its own, with no rights.`;

async function check(named: string | undefined, options: CheckOptions, command: Command): Promise<void> {
  const refuse = (says: string) => command.error(`error: ${says}`, { exitCode: 2 });
  if (options.authors) {
    if (named !== undefined) refuse('--authors checks the exercises of longhand itself, and no path');
    return checkExercises();
  }
  const path = named ?? (PracticeFolder.isOne('.') ? '.' : undefined);
  if (path === undefined)
    return refuse(
      'it wants a path, for there are no exercises in this folder: type `longhand check PATH`, with a folder that ' +
        '`longhand learn` made, or a file',
    );
  const submission = readSubmission(path);
  if (typeof submission === 'string') return refuse(submission);

  const seed = options.seed ?? randomInt(MOST_SEED + 1);
  const verdict = await judge(submission.sources, childAnswerers(), { seed, gone: submission.missing });
  process.stdout.write(options.json ? `${JSON.stringify(verdict, null, 2)}\n` : report(path, verdict));
  process.exitCode = verdict.passed ? 0 : 1;
}

function report(path: string, verdict: Verdict): string {
  const columns = process.stdout.columns || 100;
  const unicode = process.stdout.isTTY ? showsUnicode() : true;
  return `${laidOut(verdictPage(path, verdict), [], { columns, unicode }).join('\n')}\n`;
}

async function checkExercises(): Promise<void> {
  const { faults, counts }: AuthorsReport = await checkAuthors();
  for (const fault of faults) process.stdout.write(`${fault}\n`);
  const { stubs, solutions, hints, explanations, mistakes } = counts;
  process.stdout.write(
    `${stubs} stubs, ${solutions} solutions, ${hints} hints, ${explanations} explanations, ${mistakes} mistakes: ` +
      `${faults.length === 0 ? 'all as they should be' : `${faults.length} not as they should be`}\n`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}
