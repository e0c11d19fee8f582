import type { OneHotData } from './load-data.ts';

/** The tensors of data. Whoever goes through data tensor by tensor goes in this order. */
export const tensorNames = ['trainInput', 'trainTarget', 'testInput', 'testTarget'] as const;
export type TensorName = (typeof tensorNames)[number];

/** The samples themselves. */
export type Samples = Pick<OneHotData, TensorName>;
/** What else is known of them. */
export type AboutSamples = Omit<OneHotData, TensorName>;

export function aboutSamples({ trainInput, trainTarget, testInput, testTarget, ...about }: OneHotData): AboutSamples {
  return about;
}

/** What `make` makes of each of the four names. */
export function eachTensor<T>(make: (name: TensorName) => T): Record<TensorName, T> {
  return Object.fromEntries(tensorNames.map(name => [name, make(name)])) as Record<TensorName, T>;
}
