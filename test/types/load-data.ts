import { type DataSetName, type LoadedData, type LoadOptions, loadData, type Tensor } from '../../dist/index.js';

// What loadData gives is as certain as its options.

type Inputs = Tensor<[number, number]> | Tensor<[number, number, number, number]>;
type Targets = Tensor<[number]> | Tensor<[number, number]>;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function gives<Input, Target>() {
  return <I extends Tensor, T extends Tensor>(
    _: Promise<LoadedData<I, T>>,
    __: Same<I, Input> & Same<T, Target> extends true ? 'same' : 'not the same',
  ) => {};
}

declare const flag: boolean;
declare const name: DataSetName;
declare const options: LoadOptions;

gives<Tensor<[number, 784]>, Tensor<[number]>>()(loadData(), 'same');
gives<Tensor<[number, 784]>, Tensor<[number, number]>>()(loadData({ oneHotLabels: true }), 'same');
gives<Tensor<[number, 784]>, Targets>()(loadData({ oneHotLabels: flag }), 'same');
gives<Tensor<[number, 3072]>, Tensor<[number]>>()(loadData({ cifar: true }), 'same');
gives<Tensor<[number, 3072]>, Tensor<[number]>>()(loadData({ dataset: 'cifar10' }), 'same');
gives<Tensor<[number, 784]>, Tensor<[number]>>()(loadData({ dataset: 'kmnist', cifar: false }), 'same');
gives<Tensor<[number, number]>, Tensor<[number]>>()(loadData({ dataset: name }), 'same');
gives<Tensor<[number, number]>, Tensor<[number]>>()(loadData({ cifar: flag }), 'same');
gives<Tensor<[number, number, number, number]>, Tensor<[number]>>()(loadData({ flatten: false }), 'same');
gives<Tensor<[number, 784]>, Tensor<[number]>>()(loadData({ flatten: true }), 'same');
gives<Tensor<[number, 784]> | Tensor<[number, number, number, number]>, Tensor<[number]>>()(
  loadData({ flatten: flag }),
  'same',
);
gives<Inputs, Targets>()(loadData(options), 'same');
