import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type Exercise, type ExerciseFile, exerciseFiles, exercises, stubOf } from '../../src/practice/exercises.ts';
import { Progress } from '../../src/practice/progress.ts';
import type { FunctionName, Sources } from '../../src/practice/protocol.ts';
import { files, isForeign, isWritten, KEPT_AS } from '../state/own.ts';
import { reconcile } from './reconcile.ts';

/** A learner's work: changed here, kept in this browser, and followed from its other tabs. */

/** What was in files that were put back or replaced, by names as `longhand learn` gives them: `loss.ts.1.bak`. */
export const backups: Signal<Sources> = signal({});
export const passed: Signal<ReadonlySet<FunctionName>> = signal(new Set());
/** The exercise at hand. */
export const current: Signal<FunctionName> = signal(exercises[0]!.name);
export const exercise: ReadonlySignal<Exercise> = computed(() => exercises.find(({ name }) => name === current.value)!);

/** A file that another tab has changed at the same time as this one. */
export interface Clash {
  /** What that one has made of it. */
  readonly theirs: string;
  /** The name under which, until somebody has chosen, this tab's text is kept beside it. */
  readonly beside: string;
}
export const clashes: Signal<Readonly<Record<string, Clash>>> = signal({});
/** Why this browser keeps nothing, where it does not. */
export const notKept: Signal<string | undefined> = signal(undefined);

export const handedOut: Sources = Object.fromEntries(exerciseFiles.map(file => [file, stubOf(file)]));

export const isHandedOut = (sources: Sources): boolean =>
  Object.keys(sources).every(file => sources[file] === handedOut[file]);

export function progress(): Progress {
  const progress = new Progress();
  for (const name of passed.value) progress.passed.add(name);
  progress.current = current.value;
  return progress;
}

export function setText(file: string, text: string): void {
  if (files.peek()[file] !== text) files.value = { ...files.peek(), [file]: text };
}

export function mark(name: FunctionName, isPassed: boolean): void {
  if (passed.peek().has(name) === isPassed) return;
  const others = new Set(passed.peek());
  if (isPassed) others.add(name);
  else others.delete(name);
  passed.value = others;
}

/** The name under which the text of a file will be kept beside it. */
export function backupName(file: string, among: Sources = backups.peek()): string {
  let k = 1;
  while (`${file}.${k}.bak` in among) k += 1;
  return `${file}.${k}.bak`;
}

/** Keeps these texts beside the files; what says no more than what was handed out, or is kept already, needs no keeping. */
export function keepBeside(texts: Sources): void {
  const kept: Record<string, string> = { ...backups.peek() };
  for (const [file, text] of Object.entries(texts)) {
    const isKnown = Object.keys(kept).some(name => name.startsWith(`${file}.`) && kept[name] === text);
    if (text !== handedOut[file] && !isKnown) kept[backupName(file, kept)] = text;
  }
  backups.value = kept;
}

/** Puts a file back as it was handed out, and goes to the first exercise in it. */
export function reset(file: ExerciseFile): void {
  batch(() => {
    keepBeside({ [file]: files.value[file]! });
    setText(file, stubOf(file));
    const inIt = exercises.filter(exercise => exercise.file === file);
    for (const { name } of inIt) mark(name, false);
    current.value = inIt[0]!.name;
  });
}

/** Other files in place of all of these; what was written in these is kept beside them. */
export function replaceAll(
  others: Sources,
  { progress, backups: brought, foreign }: { progress?: Progress; backups?: Sources; foreign: boolean },
): void {
  const next = { ...handedOut, ...others };
  batch(() => {
    keepBeside(Object.fromEntries(Object.entries(files.value).filter(([file, text]) => next[file] !== text)));
    if (brought !== undefined) for (const [name, text] of Object.entries(brought)) bring(name, text);
    files.value = next;
    passed.value = new Set(progress?.passed);
    current.value = progress?.current ?? exercises[0]!.name;
    isForeign.value = foreign;
    clashes.value = {};
  });
}

/** A text that was kept beside files elsewhere: under its own name, where nothing else has that one here. */
function bring(name: string, text: string): void {
  const there = backups.peek()[name];
  if (there === undefined) backups.value = { ...backups.peek(), [name]: text };
  else if (there !== text) keepBeside({ [name.replace(/\.\d+\.bak$/, '')]: text });
}

/** Of a file that two tabs have changed at once, one text; the other one is kept beside it. */
export function settle(file: string, whose: 'mine' | 'theirs'): void {
  const { [file]: clash, ...others } = clashes.value;
  if (clash === undefined) return;
  const [stays, goes] = whose === 'mine' ? [files.value[file]!, clash.theirs] : [clash.theirs, files.value[file]!];
  batch(() => {
    backups.value = { ...backups.value, [clash.beside]: goes };
    setText(file, stays);
    clashes.value = others;
  });
}

/** What lies in the browser. */
interface Kept {
  /** Each save has one of its own, and names the one that it followed. */
  readonly revision: string;
  readonly follows: string;
  readonly files: Sources;
  readonly backups: Sources;
  readonly progress: string;
  readonly isForeign: boolean;
}

/** A crash loses no more than this many milliseconds of typing. */
const KEPT_AFTER = 250;

/** What this tab and the browser had in common last. */
let common: Kept | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** The exercise that was kept as the one at hand: it is each tab's own. */
let currentKept: FunctionName;

/** All of it as it is now: of what two tabs have changed at once both, until somebody has chosen. */
function now(): Omit<Kept, 'revision' | 'follows'> {
  const kept = { files: { ...files.value }, backups: { ...backups.value } as Record<string, string> };
  for (const [file, { theirs, beside }] of Object.entries(clashes.value)) {
    kept.backups[beside] = kept.files[file]!;
    kept.files[file] = theirs;
  }
  return { ...kept, progress: progress().toString(), isForeign: isForeign.value };
}

/** Whether another tab would see what there is here. */
function isKept(): boolean {
  if (common === undefined) return false;
  const seen = ({ files, backups, progress, isForeign }: Omit<Kept, 'revision' | 'follows'>) =>
    JSON.stringify([sorted(files), sorted(backups), [...Progress.parse(progress).passed].sort(), isForeign]);
  return seen(common) === seen(now());
}

const sorted = (texts: Sources) => Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));

function read(): Kept | undefined {
  try {
    return parsed(localStorage.getItem(KEPT_AS));
  } catch {
    return undefined; // refused; the next save says so
  }
}

function parsed(text: string | null): Kept | undefined {
  if (text === null) return undefined;
  try {
    const { revision, follows, files, backups, progress, isForeign } = JSON.parse(text) as Record<string, unknown>;
    if (!isSources(files) || Object.keys(files).length === 0) return undefined;
    return {
      revision: String(revision),
      follows: String(follows),
      files: { ...handedOut, ...files },
      backups: isSources(backups) ? backups : {},
      progress: String(progress),
      isForeign: isForeign === true,
    };
  } catch {
    return undefined;
  }
}

const isSources = (value: unknown): value is Sources =>
  typeof value === 'object' && value !== null && Object.values(value).every(text => typeof text === 'string');

function keep(): void {
  clearTimeout(timer);
  timer = undefined;
  follow(read());
  if (isKept() && currentKept === current.value) return;
  if (common === undefined && isHandedOut(files.value) && current.value === exercises[0]!.name) return;
  const kept: Kept = { revision: crypto.randomUUID(), follows: common?.revision ?? '', ...now() };
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(kept));
    notKept.value = undefined;
  } catch (error) {
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    notKept.value = isFull
      ? 'This browser has no room left for what you write: it lasts as long as this tab does. Save your files before you close it.'
      : 'This browser keeps nothing for this page: what you write lasts as long as this tab does. Save your files before you close it.';
    return;
  }
  common = kept;
  currentKept = current.value;
}

/** Takes over what another tab has kept, and sees where both have changed the same file. */
function follow(theirs: Kept | undefined): void {
  if (theirs === undefined || theirs.revision === common?.revision) return;
  const open = clashes.value;
  const elsewhere = Object.fromEntries(Object.entries(open).map(([file, clash]) => [file, clash.theirs]));
  const mine = files.value;
  const { files: merged, clashes: found } = reconcile(
    common?.files ?? handedOut,
    { ...mine, ...elsewhere },
    theirs.files,
  );
  const hasMarked = common !== undefined && !sameSet(passed.value, Progress.parse(common.progress).passed);
  batch(() => {
    backups.value = { ...backups.value, ...theirs.backups };
    const undecided: Record<string, Clash> = {};
    for (const file of new Set([...Object.keys(open), ...Object.keys(found)])) {
      const [text, there] = [mine[file]!, theirs.files[file]!];
      if (text !== there) undecided[file] = { theirs: there, beside: open[file]?.beside ?? backupName(file) };
    }
    const undecidedHere = Object.keys(undecided).map(file => [file, mine[file]!]);
    files.value = { ...merged, ...Object.fromEntries(undecidedHere) };
    clashes.value = undecided;
    isForeign.value = theirs.isForeign;
    if (!hasMarked) passed.value = Progress.parse(theirs.progress).passed;
  });
  common = theirs;
}

const sameSet = (a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean =>
  a.size === b.size && [...a].every(item => b.has(item));

/** Begins with what is kept, and keeps from then on. */
function begin(): void {
  files.value = handedOut;
  const kept = read();
  follow(kept);
  if (kept !== undefined) current.value = Progress.parse(kept.progress).current;
  currentKept = current.value;
  effect(() => {
    isWritten.value = !isHandedOut(files.value);
  });
  effect(() => {
    void [files.value, backups.value, passed.value, current.value, isForeign.value, clashes.value];
    timer ??= setTimeout(keep, KEPT_AFTER);
  });
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== KEPT_AS) return;
    const theirs = parsed(newValue);
    follow(theirs);
    // taken away elsewhere, or written by one who had not seen ours: what is here is kept again
    if (!isKept()) timer ??= setTimeout(keep, KEPT_AFTER);
  });
  addEventListener('pagehide', keep);
  addEventListener('pageshow', () => follow(read()));
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && keep());
}

begin();
