/**
 * The random numbers of one drawn digit. They are a stream of their own: drawing digits takes nothing from the stream
 * that `manualSeed` starts, and every digit has a stream of its own, so that a digit does not depend on which others
 * were drawn before it.
 *
 * The generator is sfc32, by C. Doty-Humphrey (PractRand, "Small Fast Counting"): 32-bit sums, shifts and rotations,
 * the same on every host. Its seeding takes three words and then twelve steps; each is a bijection of the state, so
 * that two different keys can never give the same state.
 */

import { cos, log, sin } from '../../tensor/math.ts';

export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private spare: number | undefined;

  /** The stream of a key of three 32-bit words. */
  constructor(first: number, second: number, third: number) {
    this.a = first | 0;
    this.b = second | 0;
    this.c = third | 0;
    for (let step = 0; step < 12; step++) this.word();
  }

  /** The next 32 bits, as a number from 0 to 2³² − 1. */
  private word(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.word() / 4294967296;
  }

  /** Uniform among 0, 1, …, count − 1. */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** From the exponential distribution of mean 1. */
  exponential(): number {
    return -log(1 - this.uniform());
  }

  /** From the normal distribution of mean 0 and standard deviation 1, by Box and Muller's method, two at a time. */
  normal(): number {
    const spare = this.spare;
    if (spare !== undefined) {
      this.spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(2 * this.exponential());
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * sin(angle);
    return radius * cos(angle);
  }
}
