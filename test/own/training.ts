import { FramePlace } from '../../lab/own/frame-place.ts';
import { ownEngine } from '../../lab/own/own-engine.ts';
import { History } from '../../lab/training/history.ts';
import { Session } from '../../lab/training/session.ts';
import type { Sources } from '../../src/practice/protocol.ts';
import { transform } from '../../src/practice/transform.ts';
import { loadData } from '../../src/prologue/load-data.ts';
import { defaults } from '../../src/settings/table.ts';

// The lab's session with a learner's functions, in a thread as the lab's trainer is.

self.onmessage = async ({ data: { sources, steps, end }, ports: [frames] }: MessageEvent<TrainingAsked>) => {
  const transformed = transform(sources);
  if (Array.isArray(transformed)) throw new Error(transformed[0]!.says);
  const data = await loadData({ dataset: 'drawn', tiny: true, oneHotLabels: true, normalize: true, log: () => {} });
  try {
    const session = await Session.begin(
      { ...defaults, dataset: 'drawn', size: 'tiny', hidden: 10, steps },
      data as never,
      1,
      new History(),
      (problem, parameters) => ownEngine(transformed, problem, parameters, () => new FramePlace(frames!)),
    );
    if (end !== undefined) setTimeout(() => session.dispose(), end);
    while ((await session.next()) !== undefined);
    await session.goTo(Math.max(0, session.step - 1));
    const { reports, stopped, step } = session;
    postMessage({ losses: reports.map(({ trainLoss }) => trainLoss), stopped, step } satisfies Trained);
    await session.dispose();
  } catch (error) {
    postMessage({ failed: (error as Error).message } satisfies Trained);
  }
};

export interface TrainingAsked {
  readonly sources: Sources;
  readonly steps: number;
  /** After so many milliseconds the training is ended, whatever it does. */
  readonly end?: number;
}

export type Trained =
  | { readonly losses: readonly number[]; readonly stopped: string | undefined; readonly step: number }
  | { readonly failed: string };
