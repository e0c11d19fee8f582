import { type AboutSamples, aboutSamples, eachTensor, type TensorName } from '../prologue/four-tensors.ts';
import type { OneHotData } from '../prologue/index.ts';
import { Tensor } from '../tensor/index.ts';

/** Data as they go from one thread to others: in memory that all of them see, so that they are there once. */
export interface SharedData extends AboutSamples {
  readonly tensors: Readonly<Record<TensorName, { readonly values: Float32Array; readonly shape: [number, number] }>>;
}

export function sharedData(data: OneHotData): SharedData {
  const shared = (tensor: Tensor<[number, number]>) => {
    const elements = tensor.elements();
    const values = new Float32Array(new SharedArrayBuffer(4 * elements.length));
    values.set(elements);
    return { values, shape: tensor.size() };
  };
  return { ...aboutSamples(data), tensors: eachTensor(name => shared(data[name])) };
}

/** The data themselves, which look into that memory. */
export function dataOf({ tensors, ...about }: SharedData): OneHotData {
  const looking = ({ values, shape }: SharedData['tensors'][TensorName]) =>
    new Tensor<[number, number]>(values, shape, 'float32');
  return { ...about, ...eachTensor(name => looking(tensors[name])) };
}
