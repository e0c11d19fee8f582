/** Every public name of Longhand, the practical's first. */

export { backwardPass, dloss, dsigma, forwardPass, loss, sigma } from './practical.ts';
export type { Training, TrainingData } from './practice/training.ts';
export type { Practical } from './six-functions.ts';

// What it is made of.

export type { Engine, Parameters, Problem, SampleSet, StepResult } from './engine/engine.ts';
export { sampleEngine } from './engine/sample.ts';
export { ThreadError } from './engine/thread-error.ts';
export { type WasmEngineOptions, wasmEngine } from './engine/wasm.ts';
export {
  type ContactSheet,
  contactSheet,
  convertToOneHotLabels,
  DataError,
  type DataSetName,
  type DrawnDigits,
  type DrawnDigitsOptions,
  drawnDigits,
  generatePairSets,
  type LoadedData,
  type LoadOptions,
  loadData,
  mnistToPairs,
  NoDataError,
  type OneHotData,
  type PairSets,
  type Pairs,
  type Progress,
  type SetName,
} from './prologue/index.ts';
export {
  type Checkpoint,
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
  type RunSettings,
  type SetSize,
} from './run/checkpoint.ts';
export {
  add,
  type Broadcast,
  type DType,
  defaultGenerator,
  div,
  empty,
  Generator,
  type GeneratorState,
  LonghandError,
  manualSeed,
  mul,
  type Nested,
  type NestedNumbers,
  ones,
  pow,
  randn,
  randperm,
  type Shape,
  ShapeError,
  type ShapeOf,
  sub,
  Tensor,
  type TensorOptions,
  type TypedArray,
  tensor,
  type Viewed,
  zeros,
} from './tensor/index.ts';
export {
  initialParameters,
  logLine,
  problemOf,
  type StepReport,
  type TargetOptions,
  TrainingError,
  type TrainingOptions,
  train,
} from './train.ts';
