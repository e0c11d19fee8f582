import type { EngineName } from '../../engine/engines.ts';
import type { Settings } from '../../settings/table.ts';
import { barBefore, duration } from '../progress.ts';
import type { Terminal } from '../terminal.ts';
import { writtenOver } from '../written-over.ts';

/** How many times as long as with the kernels a step takes, about. */
const HOW_SLOW: Readonly<Record<EngineName, number>> = { wasm: 1, batch: 8, sample: 70 };

/**
 * How long a run takes, compared with others: a step goes through all samples and hidden units, and what it costs beside
 * the units is about that of another twenty.
 */
export function workOf({ steps, hidden, engine }: Settings, samples: number): number {
  return steps * samples * (hidden + 20) * HOW_SLOW[engine];
}

/** How far a sweep has come, and the time that is left: a line on a terminal, elsewhere a note now and then. */
export class Countdown {
  readonly #work: readonly number[];
  readonly #terminal: Terminal;
  readonly #line = writtenOver();
  readonly #start = performance.now();
  readonly #total: number;
  /** Shares of the runs that are being trained. */
  readonly #begun = new Map<number, number>();
  #done = 0;
  #workDone = 0;

  /** `work` is that of each run that is still to be done. */
  constructor(work: readonly number[], terminal: Terminal) {
    this.#work = work;
    this.#terminal = terminal;
    this.#total = work.reduce((sum, x) => sum + x, 0);
  }

  /** This share of a run is done. */
  isAt(run: number, share: number): void {
    this.#begun.set(run, share);
    this.#draw();
  }

  isDone(run: number): void {
    this.#begun.delete(run);
    this.#workDone += this.#work[run]!;
    this.#done += 1;
    if (process.stderr.isTTY) this.#draw();
    else {
      const count = this.#work.length;
      if (this.#done < count && this.#done % Math.max(10, Math.ceil(count / 10)) === 0)
        this.#terminal.note(`${this.#done} of ${count} runs, about ${this.#left()} left`);
    }
  }

  #workNow(): number {
    return [...this.#begun].reduce((sum, [run, share]) => sum + share * this.#work[run]!, this.#workDone);
  }

  #left(): string {
    return duration(((performance.now() - this.#start) / 1000) * (this.#total / this.#workNow() - 1));
  }

  #draw(): void {
    if (this.#terminal.quiet) return;
    const count = ` ${this.#done}/${this.#work.length} runs`;
    const textsOf = (left: string) => [`${count}  about ${left} left`, `${count}  ${left}`, count];
    this.#line.show(columns => barBefore(columns, this.#workNow() / this.#total, textsOf(this.#left())), false);
  }

  clear(): void {
    this.#line.clear();
  }
}
