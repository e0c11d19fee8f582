import { join } from 'node:path';
import { type Exercise, exercises } from '../../practice/exercises.ts';
import type { Checked } from '../../practice/node/lesson.ts';
import type { Progress } from '../../practice/progress.ts';
import {
  charactersSentence,
  elsewhereSentence,
  inOneParagraph,
  marks,
  nameOf,
  resetSentence,
  theEnd,
  titleOf,
  waitingSentences,
} from '../../practice/sentences.ts';
import { exerciseOf, hintsFor, standingOf } from '../../practice/standing.ts';
import type { StageVerdict, Verdict } from '../../practice/verdict.ts';
import type { Block } from './layout.ts';
import { quoted } from './paths.ts';

/** What is known of the exercise at hand. */
export interface Shown {
  /** The folder as a path to click begins with it. */
  readonly folder: string;
  readonly progress: Progress;
  /** Undefined before the first verdict. */
  readonly checked: Checked | undefined;
  readonly isChecking: boolean;
  /** How many hints for the stage at hand have been asked for. */
  readonly hints: number;
}

/** Where to click: the line that is wrong, or the one where the exercise begins. */
export function placeToClick({ folder, progress, checked }: Shown): string {
  const { red, stages } = checked?.standing ?? {};
  const place = red?.file != null ? red : stages?.find(({ file }) => file !== null);
  const path = join(folder, place?.file ?? progress.exercise.file);
  return place?.line == null ? path : `${path}:${place.line}`;
}

/** The exercise, and how it stands. */
export function lessonPage(shown: Shown): Block[] {
  const { progress, checked, isChecking } = shown;
  const { exercise } = progress;
  const blocks: Block[] = [{ text: titleOf(exercise), style: 'bold' }];
  if (isChecking || checked === undefined) {
    blocks.push({ text: `checking ${exercise.file} …`, style: 'yellow' });
    return blocks;
  }
  if (checked.standing === undefined) {
    blocks.push({ text: `${marks.failed} ${exercise.file} is not there any more.`, style: 'red' });
    blocks.push({ text: 'It comes back as it was handed out, and no sooner, when you reset it.' });
    return blocks;
  }
  blocks.push(...(checked.standing.passed ? passedBlocks(exercise, checked) : openBlocks(shown, exercise, checked)));
  blocks.push(...printedBlocks(checked.printed));
  return blocks;
}

function passedBlocks(exercise: Exercise, { characters, standing }: Checked): Block[] {
  const blocks: Block[] = [
    { text: `${marks.passed} ${exercise.name} is right.`, style: 'green' },
    { text: inOneParagraph(exercise.explanation) },
  ];
  if (characters !== undefined)
    blocks.push({ text: charactersSentence(exercise.name, characters), style: 'dim', weight: 2 });
  blocks.push(...elsewhereBlocks(standing!.elsewhere));
  return blocks;
}

function openBlocks(shown: Shown, exercise: Exercise, { standing }: Checked): Block[] {
  const { red, stages, waiting, elsewhere } = standing!;
  const blocks: Block[] = [];
  if (red !== undefined) {
    const isEarlier = !stages.includes(red);
    if (red.verdict === 'missing') {
      const what = stages.length > 1 ? exercise.name : red.name;
      blocks.push({ text: `${marks.missing} ${what} is to be written.`, style: 'yellow' });
      if (red.mistake === 'file-empty' || red.mistake === 'file-gone') {
        const where = exerciseOf(red).file === exercise.file ? '' : 'In its own exercise ';
        blocks.push({ text: `${red.says} ${where}r brings it back as it was handed out.` });
      } else {
        blocks.push({
          text: `Open ${red.file ?? exercise.file}${red.line === null ? '' : `, line ${red.line}`}: above the function stand its formula and its shapes. Write it and save the file; the verdict appears here.`,
        });
        if (red.mistake !== 'nothing-written') blocks.push({ text: red.says });
      }
    } else {
      blocks.push({ text: `${marks.failed} ${nameOf(red, exercise)} is not right yet.`, style: 'red' });
      if (stages.length > 1 && !isEarlier) blocks.push(stageGrid(stages));
      blocks.push({ text: red.says });
      const waits = waitingSentences(waiting);
      if (waits !== '') blocks.push({ text: waits, style: 'dim', weight: 3 });
    }
    const hints = hintsFor(red).slice(0, shown.hints);
    for (const [k, hint] of hints.entries()) {
      blocks.push({ text: `Hint ${k + 1} of 3: ${hint}`, style: 'cyan', weight: 4 + k });
    }
  }
  blocks.push(...elsewhereBlocks(elsewhere));
  return blocks;
}

/** The stages of an exercise in the order of the chain, as many to a line as there is room for. */
function stageGrid(stages: readonly StageVerdict[]): Block {
  return {
    cells: stages.map(({ name, verdict }) => ({
      text: `${marks[verdict]} ${name}`,
      style: styles[verdict],
    })),
    weight: 5,
  };
}

export const styles = { passed: 'green', failed: 'red', missing: 'yellow', waiting: 'dim' } as const;

function elsewhereBlocks(elsewhere: readonly StageVerdict[]): Block[] {
  return elsewhere.length === 0 ? [] : [{ text: elsewhereSentence(elsewhere), style: 'yellow', weight: 3 }];
}

const MOST_PRINTED = 5;

function printedBlocks(printed: string): Block[] {
  if (printed.trim() === '') return [];
  const lines = printed.trimEnd().split('\n');
  const shown = lines.slice(0, MOST_PRINTED).map(line => `  ${line}`);
  const more = lines.length > MOST_PRINTED ? ['  …'] : [];
  return [{ text: ['Your code printed:', ...shown, ...more].join('\n'), style: 'dim', weight: 1, cut: true }];
}

/** All exercises, and what is wrong first where everything was checked. */
export function listPage(progress: Progress, verdict: Verdict | undefined, isChecking: boolean): Block[] {
  const nameWidth = Math.max(...exercises.map(({ name }) => name.length));
  const titleWidth = Math.max(...exercises.map(({ title }) => title.length));
  const lines = exercises.map((exercise, k): Block => {
    const { name, title, file } = exercise;
    const here = name === progress.current ? '▸' : ' ';
    const isPassed = progress.passed.has(name);
    const mark = isPassed ? marks.passed : verdict === undefined ? ' ' : marks[markOf(verdict, exercise)];
    const text = `${here} ${k + 1} ${mark} ${name.padEnd(nameWidth)}  ${title.padEnd(titleWidth)}  ${file}`;
    return { text, style: isPassed ? 'green' : undefined, cut: true, joined: k > 0 };
  });
  const blocks: Block[] = [{ text: 'The practical', style: 'bold' }, ...lines];
  if (isChecking) blocks.push({ text: 'checking everything …', style: 'yellow' });
  else if (verdict !== undefined) blocks.push(...wrongFirst(verdict));
  return blocks;
}

function markOf(verdict: Verdict, exercise: Exercise): 'failed' | 'waiting' {
  return standingOf(verdict, exercise).stages.some(stage => stage.verdict === 'failed') ? 'failed' : 'waiting';
}

function wrongFirst({ stages, passed }: Verdict): Block[] {
  if (passed) return [{ text: `${marks.passed} All of it is right.`, style: 'green' }];
  const red = stages.find(({ verdict }) => verdict === 'failed');
  if (red === undefined) return [{ text: 'What is written is right.', style: 'green' }];
  const where = red.file === null ? '' : ` (${red.file}${red.line === null ? '' : `:${red.line}`})`;
  return [
    { text: `${marks.failed} ${red.name}${where}, exercise ${exercises.indexOf(exerciseOf(red)) + 1}:`, style: 'red' },
    { text: red.says, joined: true },
  ];
}

/** Before a file is put back. */
export function resetPage({ file }: Exercise, backup: string | undefined): Block[] {
  return [{ text: `Reset ${file}?`, style: 'bold' }, { text: resetSentence(file, backup) }];
}

/** Everything is written. */
export function endPage(folder: string): Block[] {
  const path = quoted(folder);
  return [
    { text: `${marks.passed} ${theEnd.title}`, style: 'green' },
    { text: theEnd.text },
    {
      text: `Let it learn to read digits, with your own functions:\n  npx longhand train --practice ${path}`,
      cut: true,
    },
    {
      text: `Look at one digit on its way through your functions, number by number:\n  npx longhand explain ${path}`,
      cut: true,
      weight: 3,
    },
  ];
}

/** All stages, each with what is wrong with it. */
export function verdictPage(path: string, { stages, passed, seed }: Verdict): Block[] {
  const width = Math.max(...stages.map(({ name }) => name.length));
  const points = stages.reduce((sum, stage) => sum + stage.points, 0);
  const of = stages.reduce((sum, stage) => sum + stage.of, 0);
  const blocks: Block[] = [];
  for (const [i, { name, verdict, says, file, line }] of stages.entries()) {
    const place = verdict === 'passed' || file === null ? '' : `  ${file}${line === null ? '' : `:${line}`}`;
    const text = `${marks[verdict]} ${name.padEnd(width)}${place}`.trimEnd();
    blocks.push({ text, style: styles[verdict], cut: true, joined: blocks.length > 0 });
    // what is said of several in a row stands below the last of them
    if (says === '' || says === stages[i + 1]?.says) continue;
    const several = says === stages[i - 1]?.says;
    blocks.push({ text: several ? says.replace(/^It waits\b/, 'They wait') : says, inset: 4, joined: true });
  }
  const summary = `${passed ? `${marks.passed} passed` : `${marks.failed} not passed`}: ${points} of ${of} points, seed ${seed}`;
  return [{ text: path, style: 'bold', cut: true }, ...blocks, { text: summary, style: passed ? 'green' : 'red' }];
}
