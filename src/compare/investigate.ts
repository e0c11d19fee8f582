import type { Engine, Parameters } from '../engine/engine.ts';
import { partingOf } from './parting.ts';
import { type Case, follows, misprints, STEPS, targetsOf, type Variant, wrongSteps } from './suspects.ts';

/** What an investigation may train. */
export interface Laboratory {
  /** An engine on the data of the reference, from these weights. */
  readonly engine: (parameters: Parameters) => Promise<Engine>;
  /** The weights of the reference. */
  readonly start: () => Parameters;
  /** Those of another seed. */
  readonly startOf: (seed: number) => Parameters;
  readonly eta: number;
  /** The seeds to try. */
  readonly seeds: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

/** Fewer steps show nothing: on the plateau all weights look alike. */
const FEWEST_STEPS = 40;

/**
 * Why a log is another than the reference's, as far as the log alone tells: first what is printed, then how the steps
 * are taken, then the weights in the beginning. A sentence for each explanation that reproduces all of the first steps,
 * the one where they part among them; none where nothing does.
 */
export async function investigate(one: Case, laboratory: Laboratory): Promise<string[]> {
  const printed = misprints(one);
  if (printed.length > 0) return printed;
  const targets = targetsOf(one);
  if (targets !== undefined) return [targets];

  const { start, startOf, seeds, eta } = laboratory;
  if (one.log.length < FEWEST_STEPS) return [];
  // what reproduces steps in which nothing is wrong yet explains nothing
  const parting = partingOf(one.log, one.reference, one.sizes) ?? 0;
  const steps = Math.max(Math.min(STEPS, one.log.length), parting + 1);
  const explains = async (parameters: Parameters, variant: Variant): Promise<boolean> => {
    laboratory.signal?.throwIfAborted();
    const engine = await laboratory.engine(parameters);
    try {
      return await follows(variant, engine, one, eta, steps);
    } finally {
      await engine.dispose();
    }
  };
  for (const variant of wrongSteps(eta, one.sizes.train)) if (await explains(start(), variant)) return [variant.says];
  for (const seed of seeds) {
    if (await explains(startOf(seed), { says: '' }))
      return [`the initial weights are those of seed ${seed} (--seed ${seed})`];
  }
  return [];
}
