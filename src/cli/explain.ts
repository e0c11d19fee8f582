import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { startInProcess } from '../practice/answerer/in-process.ts';
import { followSample, type Way } from '../practice/follow.ts';
import { childAnswerers } from '../practice/node/channel.ts';
import { smallNetwork } from '../practice/small-network.ts';
import { whole } from '../settings/values.ts';
import { showsUnicode } from './characters.ts';
import { isAsItShouldBe, wayPage } from './explanation.ts';
import { reading } from './options.ts';
import { ready, type Submitted, submitted } from './submitted.ts';
import { belowHelp } from './wrap.ts';

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
      belowHelp(
        'A line that gives other numbers than it should is marked, and told by exit code 1. ' +
          'Code that a path names runs in a process of its own with no rights.',
      ),
    )
    .action(explain);
}

async function explain(
  path: string | undefined,
  { sample, hidden }: { sample: number; hidden: number },
  command: Command,
): Promise<void> {
  const found = path === undefined ? ourOwn() : submitted(path, 'explain');
  if (typeof found === 'string') return command.error(`error: ${found}`, { exitCode: 2 });
  const { sources, transformed, shownFile } = found;
  const start = path === undefined ? startInProcess : childAnswerers();
  const network = smallNetwork({ sample, hidden });
  const answerer = await start(transformed);
  let way: Way;
  try {
    way = await followSample({ sources, transformed, answerer }, network);
  } finally {
    await answerer.end();
  }

  const unicode = process.stdout.isTTY ? showsUnicode() : true;
  const colours = process.stdout.isTTY === true && process.stdout.hasColors();
  const lines = wayPage(way, network, { unicode, colours, path, shownFile });
  process.stdout.write(`${lines.join('\n')}\n`);
  if (!isAsItShouldBe(way)) process.exitCode = 1;
}

/** The practical as it is published, beside what it was compiled to. */
function ourOwn(): Submitted {
  const file = new URL('../../src/practical.ts', import.meta.url);
  return ready({ 'src/practical.ts': readFileSync(file, 'utf8') }, name => name, 'explain');
}
