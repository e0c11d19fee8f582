import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, Option } from 'commander';
import { startInProcess } from '../practice/answerer/in-process.ts';
import { followSample, type Way } from '../practice/follow.ts';
import { childAnswerers } from '../practice/node/channel.ts';
import { readSubmission } from '../practice/node/sources.ts';
import type { Sources, StartAnswerer } from '../practice/protocol.ts';
import { type SmallNetwork, smallNetwork } from '../practice/small-network.ts';
import { transform } from '../practice/transform.ts';
import { whole } from '../settings/values.ts';
import { LonghandError } from '../tensor/index.ts';
import { showsUnicode } from './characters.ts';
import { isAsItShouldBe, wayPage } from './explanation.ts';
import { reading } from './options.ts';

/** `longhand explain`: one sample's way through a network, every number with the line that made it. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('follow one digit through a small network, forward and back, every number with the line that made it')
    .argument('[path]', "whose six functions: a folder of `longhand learn`, or a file (default: Longhand's own)")
    .addOption(
      new Option('--sample <n>', 'which digit, counted among the drawn zeros, ones and twos')
        .default(0)
        .argParser(reading(whole(0, 10_000))),
    )
    .addOption(new Option('--hidden <n>', 'hidden units, up to 9').default(3).argParser(reading(whole(1, 9))))
    .addHelpText(
      'after',
      '\nWhere a line gives other numbers than it should, they are marked, and it exits with 1. What is followed by a\n' +
        'path runs in a process of its own with no rights.',
    )
    .action(explain);
}

async function explain(
  path: string | undefined,
  { sample, hidden }: { sample: number; hidden: number },
  command: Command,
): Promise<void> {
  const submission = path === undefined ? { sources: ownSources() } : readSubmission(path);
  if (typeof submission === 'string') return command.error(`error: ${submission}`, { exitCode: 2 });
  const { sources } = submission;
  const folder = path === undefined ? '' : path in sources || join(path) in sources ? '' : folderOf(path, sources);
  const network = smallNetwork({ sample, hidden });
  const way = await follow(sources, path === undefined ? startInProcess : childAnswerers(), network, folder);

  const unicode = process.stdout.isTTY ? showsUnicode() : true;
  const colours = process.stdout.isTTY === true && process.stdout.hasColors();
  const lines = wayPage(way, network, { unicode, colours, path, shownFile: file => join(folder, file) });
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!isAsItShouldBe(way)) process.exitCode = 1;
}

/** The folder that files are named from: of a path that is itself one of them, the one that it lies in. */
function folderOf(path: string, sources: Sources): string {
  return Object.keys(sources).some(file => join(dirname(path), file) === join(path)) ? dirname(path) : path;
}

/** The practical as it is published, beside what it was compiled to. */
function ownSources(): Sources {
  const file = new URL('../../src/practical.ts', import.meta.url);
  return { 'src/practical.ts': readFileSync(file, 'utf8') };
}

async function follow(sources: Sources, start: StartAnswerer, network: SmallNetwork, folder: string): Promise<Way> {
  const transformed = transform(sources);
  if (Array.isArray(transformed)) {
    const [{ file, line, says }] = transformed as [(typeof transformed)[number]];
    throw new LonghandError(`explain: ${join(folder, file)}:${line}: ${says}`);
  }
  const answerer = await start(transformed);
  try {
    return await followSample({ sources, transformed, answerer }, network);
  } finally {
    await answerer.end();
  }
}
