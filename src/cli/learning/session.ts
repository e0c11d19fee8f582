import { constants } from 'node:os';
import { exerciseFiles, exercises, solutionTextOf } from '../../practice/exercises.ts';
import type { Checked, Lesson } from '../../practice/node/lesson.ts';
import { watchFiles } from '../../practice/node/watch.ts';
import type { Verdict } from '../../practice/verdict.ts';
import { asAscii, showsUnicode } from '../characters.ts';
import { barBefore } from '../progress.ts';
import { readKeys } from './keyboard.ts';
import { type Block, type Key, laidOut } from './layout.ts';
import { endPage, lessonPage, listPage, placeToClick, resetPage, type Shown } from './pages.ts';
import { asTyped, quoted } from './paths.ts';

type Page = 'lesson' | 'list' | 'reset' | 'solution' | 'end';

/** A sitting at the terminal: the exercise is checked on every save, and keys do the rest. */
export class Session {
  readonly #lesson: Lesson;
  /** The folder as the screen shows it. */
  readonly #folder: string;
  readonly #unicode = showsUnicode();
  readonly #canMove = process.env.TERM !== 'dumb';
  #page: Page = 'lesson';
  #checked: Checked | undefined;
  /** Of the last check of everything. */
  #verdict: Verdict | undefined;
  #checking: AbortController | undefined;
  /** Hints asked for, by stage. */
  readonly #hints = new Map<string, number>();
  #note = '';
  #hasBegun = false;
  #end: (exitCode: number) => void = () => {};

  constructor(lesson: Lesson) {
    this.#lesson = lesson;
    this.#folder = asTyped(lesson.folder.path);
  }

  /** Until the learner has enough. @returns the exit code. */
  async run({ note, all }: { note: string; all: boolean }): Promise<number> {
    this.#note = note;
    const { folder } = this.#lesson;
    const files = () => [...new Set([...exerciseFiles, ...this.#lesson.files])];
    const stopWatching = watchFiles(folder.path, files, file => {
      if (this.#page === 'end' || !this.#lesson.files.includes(file)) return;
      if (this.#page !== 'reset') this.#page = 'lesson'; // who saves wants to see the verdict
      void this.#check();
    });
    const draw = () => this.#draw();
    let stopReading = () => {};
    process.stdout.on('resize', draw);
    try {
      return await new Promise<number>((resolve, reject) => {
        this.#end = resolve;
        stopReading = readKeys({
          onKey: key => void this.#press(key).catch(reject),
          onReturn: () => {
            this.#hasBegun = false;
            draw();
          },
          onEnd: signal => resolve(signal === null ? 0 : 128 + constants.signals[signal]),
        });
        this.#onFailure = reject;
        if (all) void this.#checkAll();
        else void this.#check();
      });
    } finally {
      this.#checking?.abort();
      stopWatching();
      stopReading();
      process.stdout.off('resize', draw);
      process.stdout.write(`\n\n${this.#inTerminal(this.#farewell())}\n`);
    }
  }

  #onFailure: (error: unknown) => void = () => {};

  #farewell(): string {
    const passed = this.#lesson.progress.passed.size;
    const path = this.#folder === '.' ? '' : ` ${quoted(this.#folder)}`;
    return `${passed} of ${exercises.length} exercises passed. \`npx longhand learn${path}\` goes on.`;
  }

  /** The verdict on the exercise; one that is being found is not wanted any more. */
  async #check(): Promise<void> {
    const before = this.#checked?.standing?.red?.name;
    await this.#while(async signal => {
      const checked = await this.#lesson.check(signal);
      if (checked === undefined) return;
      this.#checked = checked;
      const red = checked.standing?.red?.name;
      if (before !== undefined && red !== before) this.#hints.delete(before);
    });
  }

  async #checkAll(): Promise<void> {
    this.#page = 'list';
    await this.#while(async signal => {
      const verdict = await this.#lesson.checkAll(signal);
      if (verdict === undefined) return;
      this.#verdict = verdict;
    });
  }

  async #while(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#checking?.abort();
    const checking = new AbortController();
    this.#checking = checking;
    this.#draw();
    try {
      await work(checking.signal);
    } catch (error) {
      if (!checking.signal.aborted) this.#onFailure(error);
    }
    if (this.#checking !== checking) return; // another one has begun
    this.#checking = undefined;
    this.#draw();
  }

  /** What the keys do now, in the order in which they are shown. */
  #keys(): (Key & { readonly act: () => void | Promise<void> })[] {
    const lesson = this.#lesson;
    const isChecking = this.#checking !== undefined;
    const quit = { key: 'q', does: 'quit', act: () => this.#end(0) };
    const checkAll = { key: 'c', does: 'check all', act: () => this.#checkAll() };
    const back = (key: string) => ({ key, does: 'back', act: () => this.#turnTo('lesson') });
    switch (this.#page) {
      case 'reset':
        return [
          { key: 'y', does: 'yes, reset it', act: () => this.#reset() },
          { key: 'n', does: 'no', act: () => this.#turnTo('lesson') },
        ];
      case 'solution':
        return [back('s'), quit];
      case 'list': {
        const goTo = exercises.map((exercise, k) => ({
          key: String(k + 1),
          does: '',
          act: () => {
            lesson.goTo(exercise);
            return this.#begin();
          },
        }));
        return [...goTo, back('l'), ...(isChecking ? [] : [checkAll]), quit];
      }
      case 'end':
        return [{ key: 'l', does: 'list', act: () => this.#turnTo('list') }, quit];
      case 'lesson': {
        const keys = [];
        const standing = isChecking ? undefined : this.#checked?.standing;
        if (standing?.passed) {
          keys.push({ key: 'n', does: 'next', act: () => this.#next() });
          keys.push({ key: 's', does: 'solution', act: () => this.#showSolution() });
        } else if (standing?.red !== undefined) {
          const { name } = standing.red;
          const hints = this.#hints.get(name) ?? 0;
          const act = () => {
            this.#hints.set(name, hints + 1);
            this.#draw();
          };
          if (hints < 3) keys.push({ key: 'h', does: hints === 0 ? 'hint' : 'another hint', act });
        }
        keys.push({ key: 'l', does: 'list', act: () => this.#turnTo('list') }, checkAll);
        if (!lesson.folder.isUntouched(lesson.exercise.file))
          keys.push({ key: 'r', does: 'reset', act: () => this.#turnTo('reset') });
        return [...keys, quit];
      }
    }
  }

  async #press(key: string): Promise<void> {
    const pressed = this.#keys().find(known => known.key === key);
    if (pressed === undefined) return;
    this.#note = '';
    await pressed.act();
  }

  #turnTo(page: Page): void {
    if (page === 'lesson' && this.#page === 'list' && this.#checking !== undefined) this.#checking.abort();
    const isStale = page === 'lesson' && (this.#checked === undefined || this.#page === 'list');
    this.#page = page;
    if (isStale) void this.#check();
    else this.#draw();
  }

  /** The exercise that the lesson has come to. */
  #begin(): Promise<void> {
    this.#page = 'lesson';
    this.#checked = undefined;
    this.#verdict = undefined;
    return this.#check();
  }

  /** Where everything is passed, all is checked once more before that is said. */
  async #next(): Promise<void> {
    const { next } = this.#lesson.progress;
    if (next !== undefined) {
      this.#lesson.goTo(next);
      return this.#begin();
    }
    await this.#checkAll();
    if (this.#page !== 'list' || this.#checking !== undefined) return;
    if (this.#lesson.isDone) this.#turnTo('end');
  }

  async #reset(): Promise<void> {
    const { file } = this.#lesson.exercise;
    const backup = this.#lesson.reset(file);
    this.#hints.clear();
    this.#note = `${file} is as it was handed out${backup === undefined ? '' : `; what was in it is in ${backup}`}.`;
    await this.#begin();
  }

  /** Printed and not laid out: where it is longer than the screen it can be scrolled. */
  #showSolution(): void {
    const { name } = this.#lesson.exercise;
    const path = this.#lesson.folder.writeSolution(name);
    this.#page = 'solution';
    const text = `One way to write ${name}, also in ${path}:\n\n${solutionTextOf(name)}`;
    if (this.#canMove) process.stdout.write('\x1b[H\x1b[J');
    const keys = laidOut([], [{ keys: this.#keys() }], this.#sheet());
    process.stdout.write(`${this.#inTerminal(text)}\n${keys.join('\n')}`);
  }

  #shown(): Shown {
    const checked = this.#checked;
    const red = checked?.standing?.red?.name;
    return {
      folder: this.#folder,
      progress: this.#lesson.progress,
      checked,
      isChecking: this.#checking !== undefined,
      hints: red === undefined ? 0 : (this.#hints.get(red) ?? 0),
    };
  }

  #sheet() {
    const { columns, rows } = process.stdout;
    return { columns: columns || 80, rows: rows || 24, unicode: this.#unicode };
  }

  #blocks(): Block[] {
    const { folder, exercise, progress } = this.#lesson;
    switch (this.#page) {
      case 'list':
        return listPage(progress, this.#verdict, this.#checking !== undefined);
      case 'reset':
        return resetPage(exercise, folder.backupOf(exercise.file));
      case 'end':
        return endPage(this.#folder);
      default:
        return lessonPage(this.#shown());
    }
  }

  #draw(): void {
    if (this.#page === 'solution') return;
    const sheet = this.#sheet();
    const { progress } = this.#lesson;
    const blocks = this.#blocks();
    if (this.#note !== '') blocks.push({ text: this.#note, style: 'dim', weight: 3 });
    const done = progress.passed.size;
    const of = exercises.length;
    const footer: Block[] = [];
    if (this.#page !== 'reset') {
      const bar = barBefore(sheet.columns, done / of, [` ${done} of ${of} passed`, ` ${done}/${of}`]);
      footer.push({ text: bar, cut: true });
    }
    if (this.#page === 'lesson') footer.push({ text: placeToClick(this.#shown()), cut: true, joined: true });
    footer.push({ keys: withNumbersTogether(this.#keys()), joined: true });

    const lines = laidOut(blocks, footer, sheet);
    if (!this.#canMove) {
      process.stdout.write(`\n${lines.join('\n')}\n`);
      return;
    }
    // what stood there before the first page is scrolled up and not lost
    const start = this.#hasBegun ? '' : '\n'.repeat(sheet.rows);
    this.#hasBegun = true;
    process.stdout.write(`${start}\x1b[H${lines.map(line => `${line}\x1b[K`).join('\n')}\x1b[J`);
  }

  #inTerminal(text: string): string {
    return this.#unicode ? text : asAscii(text);
  }
}

/** The keys 1 to 7 are shown as one. */
function withNumbersTogether(keys: readonly Key[]): Key[] {
  const numbers = keys.filter(({ key }) => /\d/.test(key)).map(({ key }) => key);
  const others = keys.filter(({ key }) => !/\d/.test(key));
  return numbers.length === 0 ? others : [{ key: `${numbers[0]}-${numbers.at(-1)}`, does: 'go there' }, ...others];
}
