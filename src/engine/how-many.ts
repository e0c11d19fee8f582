/**
 * A look at a number of threads: so many milliseconds, in which the system gives each program on a busy core a turn or
 * two, and at least two steps; or so many steps, where they are short.
 */
const LOOK = { ms: 10, leastSteps: 2, mostSteps: 16 };

/** The part of the time that may go into trying what then does not help. */
const TRYING = 0.03;

/** More threads must save this part of the time that fewer take: else they only keep cores busy. */
const WORTH = 0.05;

/** What a look at a number of threads weighs after the next one: one bad moment does not decide. */
const FADING = 0.9;

/** Steps, and the milliseconds that they took together. */
interface Stretch {
  ms: number;
  steps: number;
}

const noSteps = (): Stretch => ({ ms: 0, steps: 0 });

/** What is known of a number of threads. */
interface Seen {
  readonly threads: number;
  /** The last looks at it, the older the less they weigh. */
  lately: Stretch;
  /** The time that had been worked before the last one. */
  at: number;
}

/** Milliseconds a step; NaN where nobody has looked. */
function cost({ ms, steps }: Stretch): number {
  return ms / steps;
}

/**
 * Finds how many threads help, while they work. Alone on a machine it is all of them. Where another program keeps a core
 * busy, everybody waits for the thread that shares that core; where a container may use one core's time and no more, they
 * take it from each other; and in the smallest networks one is done before it has told another what to do.
 *
 * That cannot be known beforehand, nor how long it stays so, but every step is the same work and can be measured: some
 * steps with one number of threads, some with the next smaller or larger one, and on with the better of the two. As
 * little time as goes into trying, it never ends, so that a mistake made while the machine was busy is mended, too.
 *
 * It has no clock: whoever takes the steps measures them.
 */
export class HowMany {
  /** What can be chosen, ascending, and which of them it is at present. */
  readonly #seen: readonly Seen[];
  #present: number;
  /** The look at it. */
  #look: Stretch = noSteps();
  /** Whether threads are only just beginning: the first look sees the kernels being compiled, or cores that wake. */
  #isEarly = true;
  /** All time, and what of it went into trying. */
  #worked = 0;
  #tried = 0;

  /** Begins with the last of `counts`, which are ascending. A single one is a command. */
  constructor(counts: readonly number[]) {
    this.#seen = counts.map(threads => ({ threads, lately: noSteps(), at: 0 }));
    this.#present = counts.length - 1;
  }

  /** How many threads are to take the next step. */
  get now(): number {
    return this.#seen[this.#present]!.threads;
  }

  /** Is told of every step: how many milliseconds it took with that many. */
  took(ms: number): void {
    const look = this.#look;
    look.ms += ms;
    look.steps++;
    if (look.steps < LOOK.mostSteps && (look.steps < LOOK.leastSteps || look.ms < LOOK.ms)) return;
    this.#look = noSteps();
    if (!this.#isEarly) this.#learn(look);
    else {
      this.#isEarly = false;
      if (this.#worked > 0) this.#tried += look.ms;
    }
    this.#worked += look.ms;
  }

  #learn(look: Stretch): void {
    const present = this.#seen[this.#present]!;
    const { lately } = present;
    lately.ms = FADING * lately.ms + look.ms;
    lately.steps = FADING * lately.steps + look.steps;
    present.at = this.#worked;

    const best = this.#best();
    if (best !== this.#present) {
      this.#present = best;
      this.#tried += look.ms;
    } else if (this.#tried <= TRYING * this.#worked) this.#tryAnother();
  }

  /** The cheapest; of those that cost nearly the same, the fewest threads. */
  #best(): number {
    let best = this.#present;
    let least = Number.POSITIVE_INFINITY;
    this.#seen.forEach(({ lately }, i) => {
      if (!(cost(lately) < least)) return;
      best = i;
      least = (1 - WORTH) * cost(lately);
    });
    return best;
  }

  /** The neighbour that was looked at longest ago; what was seen then is forgotten. */
  #tryAnother(): void {
    const neighbours = [this.#present - 1, this.#present + 1].filter(i => i in this.#seen);
    if (neighbours.length === 0) return;
    const next = neighbours.reduce((a, b) => (this.#seen[b]!.at < this.#seen[a]!.at ? b : a));
    this.#seen[next]!.lately = noSteps();
    this.#isEarly = next > this.#present;
    this.#present = next;
  }
}

/** What can be chosen where so many threads are there: 1, 2, 4 and so on, all but one, all. */
export function countsUpTo(most: number): number[] {
  const counts = new Set([most, most - 1]);
  for (let count = 1; count < most; count *= 2) counts.add(count);
  return [...counts].filter(count => count > 0).sort((a, b) => a - b);
}
