import type { Page } from 'playwright-core';
import type { OpenedLab } from './lab.ts';

/**
 * For how many milliseconds each task of the page's main thread worked meanwhile. The processor's time of that thread
 * is counted, not the clock's: other programs on this machine make no task longer.
 */
export async function tasksOf(lab: OpenedLab, page: Page, act: () => Promise<void>): Promise<number[]> {
  await lab.browser.startTracing(page, { categories: ['toplevel'] });
  await act();
  const { traceEvents } = JSON.parse(`${await lab.browser.stopTracing()}`) as { traceEvents: TraceEvent[] };
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  return traceEvents
    .filter(
      ({ pid, tid, name }) => name.endsWith('RunTask') && mains.some(main => main.pid === pid && main.tid === tid),
    )
    .map(({ tdur }) => (tdur ?? 0) / 1000);
}

/** An event of a Chromium trace; times are in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}
