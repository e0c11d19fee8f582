import { writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { LonghandError } from '../tensor/errors.ts';
import { type Launched, mustKnowEachOther, mustReachTheLauncher } from './launcher.ts';
import { loadMpi, type Mpi, type Request } from './mpi.ts';
import { watched } from './watchdog.ts';

/** Bytes for another rank, or room for those that it sends. */
export interface Message {
  readonly rank: number;
  readonly data: ArrayBufferView;
}

/** What is waited for, and of whom: of all, where nothing else is said. */
interface Pending {
  readonly request: Request;
  readonly rank?: number;
}

/** For so long a rank looks again and again whether a message has come; then it naps in between, then it sleeps. */
const SPIN_MS = 0.3;
const NAP_MS = 0.05;
const SLEEP_AFTER_MS = 25;
/** Whoever has worked for long will have to wait for long, where others are slower: for so many times as long. */
const SLOWEST = 4;

/** For how many seconds a rank waits for all to be there. Some machines take long to start a program. */
const TO_COME = 60;

/** The processes that train together, as one of them sees them. */
export class Ranks {
  /** The number of this one, from 0. */
  readonly rank: number;
  readonly size: number;
  readonly #mpi: Mpi;
  readonly #patience: number;
  #hosts: readonly string[] = [];
  #processes: readonly number[] = [];
  #answered = performance.now();
  #inMessages = 0;

  /**
   * Joins the others that the launcher has started. From then on a process that ends without `leave` ends all of them.
   *
   * @param patience for how many seconds, at least, one waits for a message of another before it ends the run
   * @throws LonghandError where koffi or the library is missing, or launcher and library do not know each other.
   */
  static async join(
    launched: Launched,
    { libraries, patience }: { libraries: readonly string[]; patience: number },
  ): Promise<Ranks> {
    mustReachTheLauncher(launched);
    const mpi = loadMpi(libraries);
    const silence = `train: rank ${launched.rank} has waited ${TO_COME} s for others that do not come: the run ends`;
    watched(mpi.init, TO_COME, silence);
    const ranks = new Ranks(mpi, launched, patience);
    const places = await ranks.fromAll({ host: hostname(), process: process.pid });
    ranks.#hosts = places.map(({ host }) => host);
    ranks.#processes = places.map(({ process }) => process);
    return ranks;
  }

  private constructor(mpi: Mpi, launched: Launched, patience: number) {
    this.#mpi = mpi;
    this.#patience = 1000 * patience;
    this.rank = mpi.rank();
    this.size = mpi.size();
    mustKnowEachOther(launched, { name: mpi.name, size: this.size });
    process.once('exit', this.#abort);
  }

  readonly #abort = (code: number): void => {
    try {
      if (code === 0) writeSync(2, `longhand: ${this.nameOf(this.rank)} ended before the training did: the run ends\n`);
    } finally {
      this.#mpi.abort(code || 1); // also where nobody reads what is written
    }
  };

  /** Every other rank's number. */
  get others(): number[] {
    return Array.from({ length: this.size }, (_, rank) => rank).filter(rank => rank !== this.rank);
  }

  /** `rank 3 on node7`. */
  nameOf(rank: number): string {
    return `rank ${rank}${this.#hosts[rank] === undefined ? '' : ` on ${this.#hosts[rank]}`}`;
  }

  /** `rank 3 on node7 is process 4711`, for all of them: a launcher may know a process by nothing but its number. */
  get processes(): string {
    return this.#processes.map((process, rank) => `${this.nameOf(rank)} is process ${process}`).join(', ');
  }

  /** The names of the machines, rank by rank. */
  get hosts(): readonly string[] {
    return this.#hosts;
  }

  /** Sends and receives; done when all of it is. What two ranks send each other arrives in the order of the sending. */
  async exchange(sends: readonly Message[], receives: readonly Message[]): Promise<void> {
    await this.#settle([
      ...receives.map(({ rank, data }) => ({ rank, request: this.#mpi.receive(data, rank) })),
      ...sends.map(({ rank, data }) => ({ rank, request: this.#mpi.send(data, rank) })),
    ]);
  }

  /** `into` ← the sum of all ranks' `numbers`, added in whatever order is fast. */
  async sum(numbers: Float32Array, into: Float32Array): Promise<void> {
    await this.#settle([{ request: this.#mpi.sum(numbers, into) }]);
  }

  /** What each rank gives, rank by rank. */
  async fromAll<T>(value: T): Promise<T[]> {
    const bytes = serialize(value);
    const lengths = this.others.map(rank => ({ rank, data: new Float64Array(1) }));
    const toAll = (data: ArrayBufferView) => this.others.map(rank => ({ rank, data }));
    await this.exchange(toAll(Float64Array.of(bytes.length)), lengths);
    const given = lengths.map(({ rank, data }) => ({ rank, data: new Uint8Array(data[0]!) }));
    await this.exchange(toAll(bytes), given);
    return Array.from({ length: this.size }, (_, rank) =>
      rank === this.rank ? value : deserialize(given.find(message => message.rank === rank)!.data),
    );
  }

  /** What rank 0 gives, to every rank. It may take its time: the others wait for up to `patience` seconds. */
  async fromFirst<T>(value?: T, patience?: number): Promise<T> {
    const length = new Float64Array(1);
    if (this.rank === 0) {
      const bytes = serialize(value);
      length[0] = bytes.length;
      await this.exchange(
        this.others.flatMap(rank => [
          { rank, data: length },
          { rank, data: bytes },
        ]),
        [],
      );
      return value as T;
    }
    await this.#settle([{ rank: 0, request: this.#mpi.receive(length, 0) }], patience);
    const bytes = new Uint8Array(length[0]!);
    await this.exchange([], [{ rank: 0, data: bytes }]);
    return deserialize(bytes);
  }

  /** Says goodbye, when all others do. */
  async leave(): Promise<void> {
    await this.fromAll('goodbye');
    process.off('exit', this.#abort);
    this.#mpi.finalize();
  }

  /** @throws LonghandError where one of them has not answered for too long. */
  async #settle(pending: readonly Pending[], patience = this.#patience / 1000): Promise<void> {
    const since = performance.now();
    const most = Math.max(1000 * patience, SLOWEST * (since - this.#answered));
    const isOpen = ({ request }: Pending) => !this.#mpi.isDone(request);
    for (let left = pending.filter(isOpen); left.length > 0; left = left.filter(isOpen)) {
      const waited = performance.now() - since;
      if (waited > most) throw this.#silence(left, waited / 1000);
      if (waited > SLEEP_AFTER_MS) await sleep(1);
      else if (waited > SPIN_MS) nap();
    }
    this.#answered = performance.now();
    this.#inMessages += this.#answered - since;
  }

  /** For how many seconds this rank has been sending, receiving and waiting so far. */
  get secondsInMessages(): number {
    return this.#inMessages / 1000;
  }

  #silence(left: readonly Pending[], seconds: number): LonghandError {
    const silent = [...new Set(left.map(({ rank }) => rank))];
    const who = silent.flatMap(rank => (rank === undefined ? [] : [this.nameOf(rank)])).join(', ') || 'another rank';
    return new LonghandError(
      `train: no answer from ${who} for ${seconds.toFixed(0)} s: the run ends. --patience gives ranks more seconds`,
    );
  }
}

const word = new Int32Array(new SharedArrayBuffer(4));

/** Leaves the processor to others for a moment. */
function nap(): void {
  Atomics.wait(word, 0, 0, NAP_MS);
}
