import type { TrainedNetwork } from '../../problem.ts';
import type { Tensor } from '../../tensor/index.ts';

/** The network as JSON, for any language. docs/formats.md describes it. */
export function jsonOf({ parameters, normalisation, inputShape, classes, settings, step }: TrainedNetwork): Uint8Array {
  const { w1, b1, w2, b2 } = parameters;
  const network = {
    format: 'longhand network',
    version: 1,
    inputShape,
    classes,
    normalisation,
    activation: 'tanh',
    trained: { step, ...settings },
    parameters: { w1: entry(w1), b1: entry(b1), w2: entry(w2), b2: entry(b2) },
  };
  return new TextEncoder().encode(`${JSON.stringify(network)}\n`);
}

function entry(tensor: Tensor): { shape: readonly number[]; data: number[] } {
  return { shape: tensor.shape, data: Array.from(tensor.elements(), shortest) };
}

/** The number of the fewest decimals that is rounded to this float32: 0.1 and not 0.10000000149011612. */
function shortest(x: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(x.toPrecision(digits));
    if (Math.fround(short) === x) return short;
  }
  return Number(x.toPrecision(9)); // always enough
}
