import { afterEach, expect, test, vi } from 'vitest';
import { countsUpTo, HowMany } from '../src/engine/how-many.ts';
import { wasmEngine } from '../src/index.ts';
import { randomCase } from './conforming.ts';

/** The milliseconds of a step with so many threads, after so many milliseconds of work. */
type Machine = (threads: number, after: number) => number;

/** Two threads take half of one's time, and so on. */
const alone: Machine = threads => 1.3 / threads;

/** Another program keeps the last of so many cores busy. Its thread works 3 ms, then waits 4 ms, and all wait for it. */
function withBusyCore(cores: number): Machine {
  let worked = 0;
  return threads => {
    const ms = 1.3 / threads;
    if (threads < cores) return ms;
    worked += ms;
    if (worked < 3) return ms;
    worked = 0;
    return ms + 4;
  };
}

/** A container that may use one core's time: who has used 100 ms of it waits for the next tenth of a second. */
function withQuota(): Machine {
  let [tenth, used] = [0, 0];
  return (threads, after) => {
    const now = Math.floor(after / 100);
    if (now > tenth) [tenth, used] = [now, 0];
    const ms = (threads === 1 ? 1.3 : 1.4) / threads; // they get into each other's way
    used += threads * ms;
    return used < 100 ? ms : 100 * (now + 1) - after;
  };
}

/** Works so many milliseconds: the time of a step on the average, and which part of the steps each number took. */
function work(howMany: HowMany, machine: Machine, milliseconds: number): { ms: number; parts: Map<number, number> } {
  const steps = new Map<number, number>();
  let [spent, count] = [0, 0];
  for (; spent < milliseconds; count++) {
    const threads = howMany.now;
    steps.set(threads, (steps.get(threads) ?? 0) + 1);
    const ms = machine(threads, spent);
    howMany.took(ms);
    spent += ms;
  }
  return { ms: spent / count, parts: new Map([...steps].map(([threads, taken]) => [threads, taken / count])) };
}

afterEach(() => vi.restoreAllMocks());

test('what can be chosen', () => {
  expect(countsUpTo(1)).toEqual([1]);
  expect(countsUpTo(2)).toEqual([1, 2]);
  expect(countsUpTo(3)).toEqual([1, 2, 3]);
  expect(countsUpTo(8)).toEqual([1, 2, 4, 7, 8]);
  expect(countsUpTo(12)).toEqual([1, 2, 4, 8, 11, 12]);
});

test('alone on a machine, all work from the first step on; finding that out costs a few parts of a hundred', () => {
  for (const most of [2, 4, 8]) {
    const howMany = new HowMany(countsUpTo(most));
    expect(howMany.now).toBe(most);
    for (const ms of [17, 7]) howMany.took(ms); // the kernels are being compiled
    const { ms, parts } = work(howMany, alone, 700);
    expect(parts.get(most)).toBeGreaterThan(0.93);
    expect(ms).toBeLessThan((1.03 * 1.3) / most);
  }
});

test('where two threads are slower than one, one works', () => {
  for (const machine of [withBusyCore(2), withQuota()]) {
    const { ms, parts } = work(new HowMany([1, 2]), machine, 1000);
    expect(parts.get(1)).toBeGreaterThan(0.85);
    expect(ms).toBeLessThan(1.03 * 1.3);
  }
});

test('where one of eight cores is busy, seven work', () => {
  const { parts } = work(new HowMany(countsUpTo(8)), withBusyCore(8), 1000);
  expect(parts.get(7)).toBeGreaterThan(0.85);
});

test('where a step is over before the others are awake, one works', () => {
  const { parts } = work(new HowMany(countsUpTo(8)), threads => 0.005 + 0.03 * Math.log2(threads), 100);
  expect(parts.get(1)).toBeGreaterThan(0.95);
});

test('where two threads take as long as one, one works', () => {
  const { parts } = work(new HowMany([1, 2]), threads => (threads === 1 ? 1.3 : 1.28), 1000);
  expect(parts.get(1)).toBeGreaterThan(0.9);
});

test('when another program comes, one works, and when it has gone, two', () => {
  const howMany = new HowMany([1, 2]);
  const busy = withBusyCore(2);
  for (let times = 0; times < 3; times++) {
    expect(work(howMany, alone, 5000).parts.get(2)).toBeGreaterThan(0.7);
    expect(work(howMany, busy, 5000).parts.get(1)).toBeGreaterThan(0.7);
  }
});

test('a core that was asleep is given time to wake', () => {
  const howMany = new HowMany([1, 2]);
  work(howMany, withBusyCore(2), 1000);
  let awake = 0;
  const { parts } = work(
    howMany,
    threads => {
      const ms = threads === 1 ? 1.3 : awake < 8 ? 2 : 0.65;
      awake = threads === 1 ? 0 : awake + ms;
      return ms;
    },
    5000,
  );
  expect(parts.get(2)).toBeGreaterThan(0.8);
});

test('one bad moment does not decide', () => {
  const howMany = new HowMany([1, 2]);
  work(howMany, alone, 300);
  let wait = 60;
  const { parts } = work(
    howMany,
    threads => {
      const ms = alone(threads, 0) + wait;
      wait = 0;
      return ms;
    },
    500,
  );
  expect(parts.get(2)).toBeGreaterThan(0.95);
});

test('steps longer than a look are looked at two by two', () => {
  const { ms } = work(new HowMany([1, 2]), threads => 80 / threads, 40_000);
  expect(ms).toBeLessThan(1.02 * 40);
});

test('a number that was commanded stays', () => {
  expect(work(new HowMany([2]), withBusyCore(2), 1000).parts).toEqual(new Map([[2, 1]]));
});

test('however often another number works, the bits are the same', async () => {
  const { problem, parameters } = randomCase(138); // several groups of units
  const trained = async (): Promise<unknown> => {
    const engine = await wasmEngine(problem, parameters);
    try {
      const reports: number[] = [];
      for (let step = 0; step < 40; step++) {
        const { loss, errors } = await engine.step(0.1 / engine.trainCount);
        reports.push(loss, errors, await engine.testErrors());
      }
      const { w1, b1, w2, b2 } = await engine.parameters();
      return [reports, [w1, b1, w2, b2].map(tensor => [...tensor.elements()])];
    } finally {
      await engine.dispose();
    }
  };
  const expected = await trained();
  const took = vi.spyOn(HowMany.prototype, 'took');
  let asked = 0;
  vi.spyOn(HowMany.prototype, 'now', 'get').mockImplementation(() => [2, 1, 1, 2, 2, 1][asked++ % 6]!);
  expect(await trained()).toEqual(expected);
  expect(asked).toBe(40);
  expect(took).toHaveBeenCalledTimes(40);
  for (const [ms] of took.mock.calls) expect(ms).toBeGreaterThan(0);
});
