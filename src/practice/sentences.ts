import { charactersOfCourse } from './course.ts';
import { type Exercise, type ExerciseFile, exercises } from './exercises.ts';
import type { FunctionName } from './protocol.ts';
import type { StageVerdict } from './verdict.ts';

/** What a learner is told, wherever they are told it. */

export const marks = { passed: '✓', failed: '✗', missing: '·', waiting: '·' } as const;

export function titleOf(exercise: Exercise): string {
  return `Exercise ${exercises.indexOf(exercise) + 1} of ${exercises.length}: ${exercise.title}`;
}

/** What is wrong, by its name: a stage of an exercise that has several is one of that exercise. */
export function nameOf({ name }: StageVerdict, exercise: Exercise): string {
  const { stages } = exercise;
  return stages.length > 1 && stages.some(stage => stage.name === name) ? `${name} of ${exercise.name}` : name;
}

export function charactersSentence(name: FunctionName, characters: number): string {
  const [yours, course] = [characters, charactersOfCourse[name]].map(n => n.toLocaleString('en'));
  if (yours === course) return `It has ${yours} characters, exactly as many as the course's own in Python.`;
  return `It has ${yours} characters; the course's own, in Python, has ${course}.`;
}

/** "`dl_ds1` and `dl_db1` wait for `dlDx1`." */
export function waitingSentences(waiting: readonly StageVerdict[]): string {
  const byReason = new Map<string, string[]>();
  for (const { name, says } of waiting) byReason.set(says, [...(byReason.get(says) ?? []), `\`${name}\``]);
  return [...byReason]
    .map(([says, names]) => {
      const what = says.replace(/^It waits for /, '');
      return `${listed(names)} ${names.length === 1 ? 'waits' : 'wait'} for ${what}`;
    })
    .join(' ');
}

/** What is wrong in other exercises than the one at hand. */
export function elsewhereSentence(elsewhere: readonly StageVerdict[]): string {
  const names = listed(elsewhere.map(({ name, file, line }) => `\`${name}\` (${file}:${line})`));
  const are = elsewhere.length === 1 ? 'is' : 'are';
  return `${names} ${are} not right. That changes nothing here, where the right one is used.`;
}

/** Before a file is put back; `backup` is the name under which what is in it will be kept. */
export function resetSentence(file: ExerciseFile, backup: string | undefined): string {
  const inIt = listed(exercises.filter(other => other.file === file).map(({ name }) => name));
  const kept = backup === undefined ? '' : ` What is in it now is kept beside it, as ${backup}.`;
  return `It becomes what was handed out, and ${inIt} will have to be written again.${kept}`;
}

/** Once everything is written. */
export const theEnd = {
  title: 'You have written a neural network by hand.',
  text: 'All seven exercises are right: the activation and its derivative, the loss and its gradient, the forward and the backward pass, and the training. Nothing in it is hidden any more.',
} as const;

export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

export function inOneParagraph(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
