import type { OneHotData } from '../prologue/index.ts';
import { Tensor } from '../tensor/index.ts';

const tensorNames = ['trainInput', 'trainTarget', 'testInput', 'testTarget'] as const;
type TensorName = (typeof tensorNames)[number];

/** Data as they go from one thread to others: in memory that all of them see, so that they are there once. */
export interface SharedData extends Omit<OneHotData, TensorName> {
  readonly tensors: Readonly<Record<TensorName, { readonly values: Float32Array; readonly shape: [number, number] }>>;
}

export function sharedData({ trainInput, trainTarget, testInput, testTarget, ...about }: OneHotData): SharedData {
  const shared = (tensor: Tensor<[number, number]>) => {
    const elements = tensor.elements();
    const values = new Float32Array(new SharedArrayBuffer(4 * elements.length));
    values.set(elements);
    return { values, shape: tensor.size() };
  };
  const tensors = {
    trainInput: shared(trainInput),
    trainTarget: shared(trainTarget),
    testInput: shared(testInput),
    testTarget: shared(testTarget),
  };
  return { ...about, tensors };
}

/** The data themselves, which look into that memory. */
export function dataOf({ tensors, ...about }: SharedData): OneHotData {
  const of = (name: TensorName) => new Tensor<[number, number]>(tensors[name].values, tensors[name].shape, 'float32');
  return {
    ...about,
    trainInput: of('trainInput'),
    trainTarget: of('trainTarget'),
    testInput: of('testInput'),
    testTarget: of('testTarget'),
  };
}
