import { expect, test, vi } from 'vitest';
import { ProgressBar, progressLine, stepCount } from '../src/cli/progress.ts';

/** The bar that a terminal of so many columns shows after one of four steps, one second after they began. */
function drawn(columns: number): string {
  vi.useFakeTimers({ toFake: ['performance'] });
  const terminal = { isTTY: process.stderr.isTTY, columns: process.stderr.columns };
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    Object.assign(process.stderr, { isTTY: true, columns });
    const bar = new ProgressBar(true);
    vi.advanceTimersByTime(9000); // data are loaded
    bar.start();
    vi.advanceTimersByTime(1000);
    bar.draw(1, 4);
    return write.mock.calls.flat().join('');
  } finally {
    Object.assign(process.stderr, terminal);
    write.mockRestore();
    vi.useRealTimers();
  }
}

test('the rate counts from the first step, not from the loading before it', () => {
  expect(drawn(80)).toMatch(/^█+░+ 1\/4 {2}1\.0 steps\/s {2}3\.0 s left$/);
});

test('a terminal that reports no columns is taken for one of 80', () => expect(drawn(0)).toBe(drawn(80)));

test.each([200, 80, 60, 40, 20, 10, 4])('a line never fills one of %d columns: it could not be taken away', columns => {
  for (const done of [0, 1, 60_000, 123_456]) {
    const line = progressLine({ done, total: 123_456, perSecond: 1234.5, left: 7300 }, columns);
    expect(line.length).toBeLessThan(columns);
    if (columns >= 20) expect(line).toContain(`${done}/123456`);
  }
});

test('in 40 columns the rate gives way, and the bar and the time that is left stay', () => {
  expect(progressLine({ done: 250, total: 1000, perSecond: 100, left: 7.5 }, 40)).toMatch(
    /^█+░+ 250\/1000 {2}7\.5 s left$/,
  );
});

test('one step is no steps', () => expect([0, 1, 2].map(stepCount)).toEqual(['0 steps', '1 step', '2 steps']));
