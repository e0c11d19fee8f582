import { describe, expect, test } from 'vitest';
import { loadData, type OneHotData } from '../src/index.ts';
import { checkpointOf } from '../src/run/checkpoint-of.ts';
import { defaults } from '../src/settings/table.ts';
import { type Listener, prepareTraining, type Training, tellTraining } from '../src/story.ts';

// A training told to those who listen, without a terminal.

const data = (await loadData({
  ...{ dataset: 'drawn', tiny: true, oneHotLabels: true, normalize: true, log: () => {} },
})) as OneHotData;
const settings = { ...defaults, dataset: 'drawn', size: 'tiny', hidden: 5, steps: 4 } as const;

/** Tells a training of these settings, and gives it back. */
async function told(listeners: Listener[], { signal, steps = 4 }: { signal?: AbortSignal; steps?: number } = {}) {
  const training = await prepareTraining({ ...settings, steps }, data, { threads: 1 });
  try {
    await tellTraining(training, listeners, signal);
  } finally {
    await training.engine.dispose();
  }
}

/** A listener that notes what it is told, after a while. */
function noting(name: string, notes: string[]): Listener {
  const soon = async (what: string) => {
    await new Promise(resolve => setTimeout(resolve, 1));
    notes.push(`${name} ${what}`);
  };
  return {
    begins: ({ firstStep }) => soon(`begins at ${firstStep}`),
    step: ({ step }) => soon(`step ${step}`),
    ends: done => soon(`ends after ${done}`),
  };
}

test('each listener is told in turn, and waited for', async () => {
  const notes: string[] = [];
  await told([noting('a', notes), noting('b', notes), {}], { steps: 2 });
  const both = (what: string) => [`a ${what}`, `b ${what}`];
  expect(notes).toEqual([...both('begins at 0'), ...both('step 0'), ...both('step 1'), ...both('ends after 2')]);
});

test('a signal ends it after the step that it is in, and the listeners are told', async () => {
  const notes: string[] = [];
  const stop = new AbortController();
  const stopping: Listener = { step: ({ step }) => (step === 1 ? stop.abort() : undefined) };
  await told([stopping, noting('a', notes)], { signal: stop.signal });
  expect(notes).toEqual(['a begins at 0', 'a step 0', 'a step 1', 'a ends after 2']);
});

test.each(['begins', 'step', 'ends'] as const)('what a listener throws in %s ends it', async when => {
  const notes: string[] = [];
  const failing: Listener = { [when]: () => Promise.reject(new Error('the disk is full')) };
  await expect(told([failing, noting('a', notes)], { steps: 1 })).rejects.toThrow('the disk is full');
  expect(notes).toEqual({ begins: [], step: ['a begins at 0'], ends: ['a begins at 0', 'a step 0'] }[when]);
});

describe('from a place on the way', () => {
  const parametersOf = async ({ engine }: Training) =>
    Object.values(await engine.parameters()).map(tensor => [...tensor.elements()]);

  test('it goes on to the same bits', async () => {
    const whole = await prepareTraining({ ...settings, seed: 7 }, data, { threads: 1 });
    await tellTraining(whole, []);

    const first = await prepareTraining({ ...settings, seed: 7, steps: 2 }, data, { threads: 1 });
    await tellTraining(first, []);
    const from = await checkpointOf(first, 2, '');
    const second = await prepareTraining({ ...settings, seed: 7 }, data, { threads: 1, from });
    const steps: number[] = [];
    await tellTraining(second, [{ step: ({ step }) => void steps.push(step) }]);

    expect(steps).toEqual([2, 3]);
    expect(await parametersOf(second)).toEqual(await parametersOf(whole));
    for (const { engine } of [whole, first, second]) await engine.dispose();
  });
});
