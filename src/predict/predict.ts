import { forwardPass } from '../practical.ts';
import { normalisedValues } from '../prologue/load-data.ts';
import { Tensor } from '../tensor/index.ts';
import type { Network } from './network.ts';

export interface Prediction {
  /** The place of the largest response, the first one on a tie. */
  readonly class: number;
  /** What the network's last layer gives for each class, −1 … 1. */
  readonly responses: number[];
}

/** What the network makes of one image: as many bytes, 0 … 255, as it has inputs. */
export function predict({ parameters, normalisation }: Network, pixels: Uint8Array): Prediction {
  const value = normalisedValues(normalisation.mean, normalisation.std);
  const x = new Tensor<[number]>(
    Float32Array.from(pixels, v => value[v]!),
    [pixels.length],
    'float32',
  );
  const { w1, b1, w2, b2 } = parameters;
  const [, , , , x2] = forwardPass(w1, b1, w2, b2, x);
  return { class: x2.argmax().item(), responses: [...x2.elements()] };
}
