import { batch, type Signal, signal } from '@preact/signals';
import { type Exercise, exercises } from '../../src/practice/exercises.ts';
import { withImports } from '../../src/practice/imports.ts';
import type { FunctionName, Sources } from '../../src/practice/protocol.ts';
import { type Standing, standingOf } from '../../src/practice/standing.ts';
import type { StageName, StageVerdict, Verdict } from '../../src/practice/verdict.ts';
import { type Checked as Judged, check as judge } from '../own/judge.ts';
import { files, isForeign, type OwnStanding, standings } from '../state/own.ts';
import { exercise, handedOut, mark } from './work.ts';

/** What a check of one exercise comes to. */
export interface Checked {
  readonly exercise: Exercise;
  readonly standing: Standing;
  /** What the learner's code wrote to the console meanwhile. */
  readonly printed: string;
  /** The length of what was written, as the course counts its own; undefined before it is passed. */
  readonly characters: number | undefined;
}

/** The last verdict; it is on another exercise than the one at hand until that one has been checked. */
export const checked: Signal<Checked | undefined> = signal(undefined);
export const isChecking: Signal<boolean> = signal(false);
/** Why nothing can be judged. */
export const cannotJudge: Signal<string | undefined> = signal(undefined);
/** What is known of every stage. */
export const stages: Signal<ReadonlyMap<StageName, StageVerdict>> = signal(new Map());
/** How many hints were asked for, by stage. */
export const hints: Signal<ReadonlyMap<StageName, number>> = signal(new Map());
/** The files with which each stage was judged, as one text. */
const judgedWith = new Map<StageName, string>();
/** Counts the checks that somebody asked for: such a verdict is said again, even if it is the one before. */
export const asked: Signal<number> = signal(0);

/** The same for all checks of a sitting, so that the numbers of two verdicts can be compared. */
const seed = crypto.getRandomValues(new Uint32Array(1))[0]! % 1_000_000;

let latest = 0;
/** Whether somebody asked for the check that is under way, or for one that it has overtaken. */
let isOwed = false;

/**
 * Judges the exercise at hand, with what its file imports and nothing else; once it is passed, all the rest too. The
 * latest check is the one that counts. By itself it does not run what came by a link.
 */
export async function check({ byHand }: { byHand: boolean }): Promise<void> {
  if (byHand) isForeign.value = false;
  if (isForeign.value) return;
  isOwed ||= byHand;
  latest += 1;
  const mine = latest;
  isChecking.value = true;
  try {
    const made = await checkOf(exercise.value, () => mine === latest);
    if (made === undefined) return;
    batch(() => {
      cannotJudge.value = undefined;
      if (isOwed) asked.value += 1;
      isOwed = false;
      show(made);
    });
  } catch (error) {
    if (mine === latest) cannotJudge.value = (error as Error).message;
  } finally {
    if (mine === latest) isChecking.value = false;
  }
}

/** Comes to undefined where another check is wanted by now: to ask the judge once more would end that one. */
async function checkOf(
  at: Exercise,
  isWanted: () => boolean,
): Promise<(Checked & { readonly verdict: Verdict }) | undefined> {
  const all = files.value;
  const sources = withImports([at.file], file => all[file]);
  let judged = await judge(sources, { seed, only: at.stages.map(({ name }) => name) });
  if (judged === undefined || !isWanted()) return undefined;
  note(judged, all);
  // what is wrong is wanted at once; whether all the rest is still right, only once this is
  if (standingOf(judged.verdict, at).passed)
    judged = await judge(
      withImports(Object.keys(handedOut), file => all[file]),
      { seed },
    );
  if (judged === undefined || !isWanted()) return undefined;
  note(judged, all);
  const standing = standingOf(judged.verdict, at);
  return {
    ...{ exercise: at, standing, verdict: judged.verdict, printed: judged.printed.slice(0, 4000) },
    characters: standing.passed ? judged.characters[at.name] : undefined,
  };
}

/**
 * Keeps what a verdict says of each stage. What was wrong elsewhere is not known to be so any more, once its file or one
 * that it imports has changed.
 */
function note({ verdict }: Judged, all: Sources): void {
  const known = new Map(stages.value);
  const judged = new Set(verdict.stages.map(({ name }) => name));
  for (const { file, stages: own } of exercises) {
    const text = JSON.stringify(withImports([file], name => all[name]));
    for (const { name } of own) {
      if (judged.has(name)) judgedWith.set(name, text);
      else if (judgedWith.get(name) !== text && known.get(name)?.verdict !== 'passed') known.delete(name);
    }
  }
  for (const stage of verdict.stages) known.set(stage.name, stage);
  stages.value = known;
  standings.value = Object.fromEntries(exercises.map(exercise => [exercise.name, whereIs(exercise, known)])) as Record<
    FunctionName,
    OwnStanding
  >;
}

function whereIs({ stages }: Exercise, known: ReadonlyMap<StageName, StageVerdict>): OwnStanding {
  const verdicts = stages.map(({ name }) => known.get(name)?.verdict);
  if (verdicts.every(verdict => verdict === 'passed')) return 'passed';
  return (['failed', 'missing', 'waiting'] as const).find(kind => verdicts.includes(kind)) ?? 'unknown';
}

function show(made: Checked): void {
  const before = checked.value?.standing.red?.name;
  if (before !== undefined && made.standing.red?.name !== before) {
    const left = new Map(hints.value);
    left.delete(before);
    hints.value = left;
  }
  mark(made.exercise.name, made.standing.passed);
  // then all was judged, what others have fulfilled meanwhile, too
  if (made.standing.passed) for (const { name } of exercises) if (standings.value[name] === 'passed') mark(name, true);
  checked.value = made;
}

export function anotherHint({ name }: StageVerdict): void {
  hints.value = new Map(hints.value).set(name, (hints.value.get(name) ?? 0) + 1);
}

/** Nothing is known any more: the files are others. */
export function forget(): void {
  latest += 1;
  batch(() => {
    isChecking.value = false;
    checked.value = undefined;
    stages.value = new Map();
    hints.value = new Map();
    standings.value = Object.fromEntries(exercises.map(({ name }) => [name, 'unknown'])) as Record<
      FunctionName,
      OwnStanding
    >;
  });
}
