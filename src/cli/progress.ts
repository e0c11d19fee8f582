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
    const left = (total - done) / perSecond;
    const width = Math.max(10, Math.min(40, (process.stderr.columns || 80) - 50));
    this.clear();
    process.stderr.write(
      `${bar(done, total, width)} ${done}/${total}  ${perSecond.toFixed(perSecond < 10 ? 1 : 0)} steps/s  ${duration(left)} left`,
    );
    this.#shown = true;
  }
}

/** A bar of so many characters. */
export function bar(done: number, total: number, width: number): string {
  const filled = Math.round((width * done) / total);
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
