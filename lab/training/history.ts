import type { Parameters } from '../../src/engine/engine.ts';

/** Parameters after so many steps. */
export interface Snapshot {
  readonly step: number;
  readonly parameters: Parameters;
}

/** 1,000 steps of 784-50-10 would take 159 MB. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Where a training has been. As long as there is room the parameters after every step are kept; then after every second
 * one, every fourth, and so on. Whoever wants a step between two goes on from the one before it.
 */
export class History {
  readonly #most: number;
  readonly #snapshots = new Map<number, Parameters>();
  #stride = 1;
  #bytes = 0;

  constructor(mostBytes: number = MOST_BYTES) {
    this.#most = mostBytes;
  }

  /** The bytes that the snapshots take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The first step that is known. It stays. */
  get firstStep(): number {
    return Math.min(...this.#snapshots.keys());
  }

  /** Whether the parameters after this step are to be kept and are not yet. */
  wants(step: number): boolean {
    return step % this.#stride === 0 && !this.#snapshots.has(step);
  }

  keep({ step, parameters }: Snapshot): void {
    this.#snapshots.set(step, parameters);
    this.#bytes += bytesOf(parameters);
    while (this.#bytes > this.#most && this.#snapshots.size > 1) this.#thin();
  }

  /** The last snapshot that is not after this step. */
  upTo(step: number): Snapshot {
    let best = -1;
    for (const kept of this.#snapshots.keys()) if (kept <= step && kept > best) best = kept;
    return { step: best, parameters: this.#snapshots.get(best)! };
  }

  #thin(): void {
    const first = this.firstStep;
    this.#stride *= 2;
    for (const [step, parameters] of this.#snapshots) {
      if (step === first || step % this.#stride === 0) continue;
      this.#snapshots.delete(step);
      this.#bytes -= bytesOf(parameters);
    }
  }
}

const bytesOf = (parameters: Parameters): number =>
  Object.values(parameters).reduce((bytes, tensor) => bytes + 4 * tensor.numel(), 0);
