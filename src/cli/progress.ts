import type { Listener, Training } from '../story.ts';

/**
 * A bar on standard error that stays below what is written to standard output: taken away before each line, drawn
 * again after it, at most ten times a second. Without a terminal it is silent.
 */
export class ProgressBar {
  readonly #visible: boolean;
  #start = performance.now();
  #drawn = 0;
  #shown = false;

  constructor(visible: boolean) {
    this.#visible = visible && process.stderr.isTTY === true;
  }

  /** The steps begin now; what was loaded before is not to slow down their rate. */
  start(): void {
    this.#start = performance.now();
  }

  /** Takes the bar away, so that something else can be written. */
  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[2K');
    this.#shown = false;
  }

  /** `done` of `total` steps, of which this process did `own`. */
  draw(done: number, total: number, own: number = done): void {
    const now = performance.now();
    if (!this.#visible || now - this.#drawn < 100) return;
    this.#drawn = now;
    const perSecond = own / ((now - this.#start) / 1000);
    const text = progressLine(
      { done, total, perSecond, left: (total - done) / perSecond },
      process.stderr.columns || 80,
    );
    this.clear();
    process.stderr.write(text);
    this.#shown = true;
  }
}

/** Draws a training's steps. */
export function progress(bar: ProgressBar): Listener {
  let training: Training;
  return {
    begins(begun) {
      training = begun;
      bar.start();
    },
    step({ step }) {
      bar.draw(step + 1, training.settings.steps, step + 1 - training.firstStep);
    },
    ends() {
      bar.clear();
    },
  };
}

interface Shown {
  readonly done: number;
  readonly total: number;
  readonly perSecond: number;
  /** Seconds. */
  readonly left: number;
}

/** As much of it as fits on a line of `columns`: a line that is full is never taken away again, only what it goes on in. */
export function progressLine({ done, total, perSecond, left }: Shown, columns: number): string {
  const count = `${done}/${total}`;
  const rate = `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} steps/s`;
  const rest = `${duration(left)} left`;
  return barBefore(columns, done / total, [` ${count}  ${rate}  ${rest}`, ` ${count}  ${rest}`, ` ${count}`]);
}

/** A bar, 10 to 40 characters wide, and after it the first of these texts that a line of `columns` has room for. */
export function barBefore(columns: number, share: number, texts: readonly string[]): string {
  const room = columns - 1; // with a character in its last column a terminal may go on to the next line
  const text = texts.find(text => text.length + 10 <= room) ?? texts.at(-1)!;
  const width = Math.min(40, room - text.length);
  return width < 3 ? text.trimStart().slice(0, room) : bar(share, width) + text;
}

/** A bar of so many characters. */
function bar(share: number, width: number): string {
  const filled = Math.round(width * share);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

/** `1 step`, `2 steps`. */
export function stepCount(count: number): string {
  return `${count} step${count === 1 ? '' : 's'}`;
}

/** `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 60) return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
