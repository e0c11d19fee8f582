import { AbandonedError, untilAborted } from '../abandon.ts';
import { type Exercise, type ExerciseFile, exerciseFiles, exercises } from '../exercises.ts';
import { type JudgeOptions, judge } from '../judge/judge.ts';
import { Progress } from '../progress.ts';
import type { FunctionName, Sources } from '../protocol.ts';
import { type Standing, standingOf } from '../standing.ts';
import { transform } from '../transform.ts';
import type { Verdict } from '../verdict.ts';
import { childAnswerers, prepareAnswerer } from './channel.ts';
import type { PracticeFolder } from './folder.ts';
import { readSources, readSubmission } from './sources.ts';

/** What a check of one exercise comes to. */
export interface Checked {
  /** Undefined where its file is not there. */
  readonly standing: Standing | undefined;
  /** What the learner's code wrote to the console meanwhile. */
  readonly printed: string;
  /** The length of what was written, as the course counts its own; undefined before it is passed. */
  readonly characters: number | undefined;
}

/** A learner at work in a folder: which exercise it is, what is passed, and what the judge says. */
export class Lesson {
  readonly folder: PracticeFolder;
  readonly progress: Progress;
  /** The same for all checks of a sitting, so that the numbers of two verdicts can be compared. */
  readonly seed: number;
  /** The files that the last check of the exercise looked at: where one of them changes, it is to be checked again. */
  files: readonly string[];

  constructor(folder: PracticeFolder, seed: number) {
    this.folder = folder;
    this.progress = folder.progress() ?? new Progress();
    this.seed = seed;
    this.files = [this.exercise.file];
  }

  get exercise(): Exercise {
    return this.progress.exercise;
  }

  get isDone(): boolean {
    return exercises.every(({ name }) => this.progress.passed.has(name));
  }

  /** Judges the exercise, with what its file imports and nothing else; undefined where `signal` called it off. */
  async check(signal: AbortSignal): Promise<Checked | undefined> {
    const { exercise } = this;
    const { file, name } = exercise;
    const sources = readSources(this.folder.path, [file]);
    this.files = [...new Set([file, ...Object.keys(sources)])];
    if (sources[file] === undefined) {
      this.#mark(exercise, false);
      return { standing: undefined, printed: '', characters: undefined };
    }
    const stages = exercise.stages.map(stage => stage.name);
    let judged = await this.#judge(sources, signal, { only: stages });
    if (judged === undefined) return undefined;
    // what is wrong is wanted at once; whether all the rest is still right, only once this is
    if (standingOf(judged.verdict, exercise).passed) judged = await this.#judge(sources, signal);
    if (judged === undefined) return undefined;
    const standing = standingOf(judged.verdict, exercise);
    this.#mark(exercise, standing.passed);
    return { standing, printed: judged.printed, characters: standing.passed ? lengthOf(name, sources) : undefined };
  }

  /** Judges everything, and marks what is passed and what is not, or not any more. */
  async checkAll(signal: AbortSignal): Promise<Verdict | undefined> {
    const submission = readSubmission(this.folder.path);
    const { sources, missing } =
      typeof submission === 'string'
        ? { sources: Object.fromEntries(exerciseFiles.map(file => [file, ''])), missing: exerciseFiles }
        : submission;
    const judged = await this.#judge(sources, signal, { gone: missing });
    if (judged === undefined) return undefined;
    for (const exercise of exercises) {
      this.progress.mark(exercise.name, standingOf(judged.verdict, exercise).passed);
    }
    this.folder.save(this.progress);
    return judged.verdict;
  }

  goTo({ name, file }: Exercise): void {
    this.progress.current = name;
    this.files = [file];
    this.folder.save(this.progress);
  }

  /** Puts a file back as it was handed out and goes to the first exercise in it. @returns the backup's name. */
  reset(file: ExerciseFile): string | undefined {
    const backup = this.folder.reset(file);
    const inIt = exercises.filter(exercise => exercise.file === file);
    for (const { name } of inIt) this.progress.mark(name, false);
    this.goTo(inIt[0]!);
    return backup;
  }

  #mark({ name }: Exercise, passed: boolean): void {
    this.progress.mark(name, passed);
    this.folder.save(this.progress);
  }

  /** The verdict, on all or on some of the functions. */
  async #judge(
    sources: Sources,
    signal: AbortSignal,
    options: Omit<JudgeOptions, 'seed'> = {},
  ): Promise<{ verdict: Verdict; printed: string } | undefined> {
    let printed = '';
    const onOutput = (text: string) => {
      if (printed.length < 4000) printed += text;
    };
    try {
      const verdict = await judge(sources, untilAborted(childAnswerers({ onOutput }), signal), {
        seed: this.seed,
        ...options,
      });
      return signal.aborted ? undefined : { verdict, printed };
    } catch (error) {
      if (error instanceof AbandonedError) return undefined;
      throw error;
    } finally {
      prepareAnswerer(); // for the next save
    }
  }
}

function lengthOf(name: FunctionName, sources: Sources): number | undefined {
  const transformed = transform(sources);
  return Array.isArray(transformed) ? undefined : transformed.functions[name]?.characters;
}
