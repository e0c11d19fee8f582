/** Every public name of Longhand, the practical's first. */

export { backwardPass, dloss, dsigma, forwardPass, loss, sigma } from './practical.ts';
export type { Training, TrainingData } from './practice/training.ts';
export type { Practical } from './six-functions.ts';

// What it is made of.

export { type BatchEngineOptions, batchEngine } from './batch/batch-engine.ts';
export type { WhyNot } from './batch/why-not.ts';
export type { Engine, Parameters, Problem, SampleSet, StepResult } from './engine/engine.ts';
export { sampleEngine } from './engine/sample.ts';
export { ThreadError } from './engine/thread-error.ts';
export { type WasmEngineOptions, wasmEngine } from './engine/wasm.ts';
export type { LabelledSamples, OwnData, Rows } from './own-data.ts';
export { type Picture, PictureError } from './picture/picture.ts';
export type { Network } from './predict/network.ts';
export { type Doubt, type Prediction, predict } from './predict/predict.ts';
export { networkOf, type PreparedProblem, problemOf, type TargetOptions, type TrainedNetwork } from './problem.ts';
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
  loadNetwork,
  saveNetwork,
} from './run/checkpoint.ts';
export { dataDigest } from './run/data-digest.ts';
export type { RunSettings, SetSize } from './settings/table.ts';
export {
  abs,
  add,
  allclose,
  arange,
  argmax,
  type Broadcast,
  cat,
  type DType,
  defaultGenerator,
  div,
  dot,
  type ErrorParts,
  type Extremes,
  empty,
  eq,
  equal,
  exp,
  full,
  Generator,
  type GeneratorState,
  LonghandError,
  log,
  manualSeed,
  matmul,
  max,
  maximum,
  mean,
  minimum,
  mm,
  mul,
  mv,
  type Nested,
  type NestedNumbers,
  neg,
  ones,
  onesLike,
  outer,
  pow,
  rand,
  randn,
  randperm,
  relu,
  type Shape,
  ShapeError,
  type ShapeOf,
  sigmoid,
  sqrt,
  stack,
  sub,
  sum,
  Tensor,
  type TensorOptions,
  type TypedArray,
  t,
  tanh,
  tensor,
  type Viewed,
  where,
  zeros,
  zerosLike,
} from './tensor/index.ts';
export {
  initialParameters,
  logLine,
  type StepReport,
  TrainingError,
  type TrainingOptions,
  train,
} from './train.ts';
