import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type ExerciseFile, exerciseFiles, exercises, solutionTextOf } from '../practice/exercises.ts';
import { PracticeFolder } from '../practice/node/folder.ts';
import { Lesson } from '../practice/node/lesson.ts';
import { whole } from '../settings/values.ts';
import { LonghandError } from '../tensor/index.ts';
import { showsUnicode } from './characters.ts';
import { type Block, laidOut } from './learning/layout.ts';
import { endPage, lessonPage, listPage, placeToClick, type Shown } from './learning/pages.ts';
import { asTyped, quoted } from './learning/paths.ts';
import { Session } from './learning/session.ts';
import { reading } from './options.ts';
import { belowHelp } from './wrap.ts';

interface LearnOptions {
  next?: true;
  hint?: true | string;
  list?: true;
  all?: true;
  solution?: true;
  reset?: ExerciseFile;
  seed?: number;
}

/** Seeds are drawn from here: short enough to be typed again. */
export const MOST_SEED = 999_999;

const HOME = 'longhand-practical';

/** `longhand learn`: the practical as exercises, checked on every save. */
export function learnCommand(): Command {
  const actions = ['next', 'hint', 'list', 'all', 'solution', 'reset'];
  const action = (flags: string, about: string) => {
    const option = new Option(flags, about);
    return option.conflicts(actions.filter(name => name !== option.attributeName()));
  };
  return new Command('learn')
    .description('write the six functions yourself: exercises in a folder, checked on every save')
    .argument('[dir]', `the folder (default: this one, if it has the exercises in it, else ./${HOME})`)
    .addOption(
      action('--hint [level]', 'a hint for what is wrong now: 1, a nudge; 2, the shapes; 3, nearly the answer').choices(
        ['1', '2', '3'],
      ),
    )
    .addOption(action('--next', 'go on to the next exercise, once this one is passed'))
    .addOption(action('--list', 'list the exercises'))
    .addOption(action('--all', 'check all exercises'))
    .addOption(action('--solution', 'print a solution, once the exercise is passed'))
    .addOption(
      action('--reset <file>', 'put a file back as it was handed out; what was in it is kept beside it').choices(
        exerciseFiles,
      ),
    )
    .addOption(
      new Option('--seed <n>', 'draw the numbers of the checks from this seed').argParser(reading(whole(0, MOST_SEED))),
    )
    .addHelpText('after', belowHelp(about))
    .action(learn);
}

const about = `
It asks nothing and overwrites nothing, and may be started again at any time:
it goes on where you were. On a terminal it stays and checks on every save; its
keys are shown at the bottom. With one of the options above, or where there is
no terminal, it does that one thing, prints, and ends.

The folder holds activation.ts, loss.ts, passes.ts and training.ts, which are
yours; progress.txt; and what an editor needs to underline a tensor of the wrong
shape. It can be moved, kept in git, or handed in.`;

async function learn(dir: string | undefined, options: LearnOptions): Promise<void> {
  const folder = new PracticeFolder(resolve(dir ?? (PracticeFolder.isOne('.') ? '.' : HOME)));
  const isNew = folder.setUp();
  const hadProgress = folder.progress() !== undefined;
  const lesson = new Lesson(folder, options.seed ?? randomInt(MOST_SEED + 1));
  const asked = ['next', 'hint', 'list', 'all', 'solution', 'reset'].some(name => options[name as keyof LearnOptions]);
  if (process.stdin.isTTY && process.stdout.isTTY && !asked) {
    const note = isNew ? `The exercises are now in ${folder.path}: open it in your editor.` : '';
    process.exitCode = await new Session(lesson).run({ note, all: !hadProgress });
  } else {
    await once(lesson, asTyped(folder.path), options);
  }
}

/** One thing, printed. */
async function once(lesson: Lesson, dir: string, options: LearnOptions): Promise<void> {
  const { signal } = new AbortController();
  let shown: Shown = {
    folder: dir,
    progress: lesson.progress,
    checked: undefined,
    isChecking: false,
    hints: Number(options.hint === true ? 1 : (options.hint ?? 0)),
  };
  if (options.list) return print(listPage(lesson.progress, undefined, false));
  if (options.all) {
    const verdict = await lesson.checkAll(signal);
    return print(listPage(lesson.progress, verdict, false));
  }
  if (options.reset !== undefined) {
    const backup = lesson.reset(options.reset);
    const kept = backup === undefined ? '' : `; what was in it is in ${backup}`;
    return print([{ text: `${options.reset} is as it was handed out${kept}.` }]);
  }
  shown = { ...shown, checked: await lesson.check(signal) };
  const isPassed = shown.checked?.standing?.passed === true;
  if (options.solution) {
    if (!isPassed) throw new LonghandError(`learn: the solution of ${lesson.exercise.name} is shown once it is passed`);
    return print([{ text: solutionTextOf(lesson.exercise.name).trimEnd(), cut: true }]);
  }
  if (options.next) {
    if (!isPassed)
      throw new LonghandError(
        `learn: ${lesson.exercise.name} is not passed yet: \`longhand learn ${quoted(dir)}\` says why`,
      );
    const { next } = lesson.progress;
    if (next === undefined) return print(endPage(dir));
    lesson.goTo(next);
    shown = { ...shown, checked: await lesson.check(signal) };
  }
  const { passed } = lesson.progress;
  print([
    ...lessonPage(shown),
    { text: `${passed.size} of ${exercises.length} passed   ${placeToClick(shown)}`, cut: true },
  ]);
}

function print(blocks: readonly Block[]): void {
  const columns = process.stdout.columns || 100;
  const unicode = process.stdout.isTTY ? showsUnicode() : true;
  process.stdout.write(`${laidOut(blocks, [], { columns, unicode }).join('\n')}\n`);
}
