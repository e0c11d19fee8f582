import type { Tensor } from '../tensor/index.ts';
import type { InputRows, Rows } from './rows.ts';

/** The network's four parameters, in the practical's order. D inputs, H hidden units, C classes. */
export interface Parameters<H extends number = number, D extends number = number, C extends number = number> {
  readonly w1: Tensor<[H, D]>;
  readonly b1: Tensor<[H]>;
  readonly w2: Tensor<[C, H]>;
  readonly b2: Tensor<[C]>;
}

/** What a network is trained and tested on: N training and M test samples, a row each. */
export interface Problem<D extends number = number, C extends number = number> {
  readonly trainInput: Tensor<[number, D]>;
  readonly trainTarget: Tensor<[number, C]>;
  readonly testInput: Tensor<[number, D]>;
  readonly testTarget: Tensor<[number, C]>;
  /** A sample counts as wrong where the target of the predicted class is less than this: 0.5 for targets 0 and ζ. */
  readonly errorBelow: number;
}

/** A problem whose training samples are too many for tensors. Only the kernels take it. */
export interface LargeProblem extends Omit<Problem, 'trainInput' | 'trainTarget'> {
  readonly trainInput: InputRows;
  readonly trainTarget: Rows;
}

/** Training loss and training errors (a count) at the weights before a gradient step. */
export interface StepResult {
  readonly loss: number;
  readonly errors: number;
}

/**
 * Something that can take gradient steps on one problem. It holds its own copy of the parameters: tensors never look
 * into an engine's memory. Its answers are promises, for an engine may live in another thread or on another device;
 * what is asked ahead is answered in the order in which it was asked.
 *
 * The reference is the loop over single samples and the six functions, `sampleEngine`. Every other engine computes
 * the same sums and is held to it by the conformance suite.
 */
export interface Engine {
  /** The number of training samples, N. */
  readonly trainCount: number;
  /** The number of test samples, M. */
  readonly testCount: number;
  /** Sums the gradients over all training samples, then subtracts `eta` times the sums from the parameters. */
  step(eta: number): Promise<StepResult>;
  /** The number of test samples that the present parameters classify wrongly. */
  testErrors(): Promise<number>;
  /** What the present parameters answer to each sample of a set: x₂, a row a sample, N × C or M × C. */
  responses(set: SampleSet): Promise<Tensor<[number, number]>>;
  /** Copies of the present parameters. */
  parameters(): Promise<Parameters>;
  /** Puts others in their place, of the same shapes; a copy is taken. Throws `ShapeError` where the shapes differ. */
  setParameters(parameters: Parameters): Promise<void>;
  /** Copies of the gradient sums of the last step, dℓ/dw1, dℓ/db1, dℓ/dw2, dℓ/db2; zeros before the first. */
  gradients(): Promise<Parameters>;
  /** Frees memory and threads. The engine cannot be used afterwards. */
  dispose(): Promise<void>;
}

/** The samples that a network is trained on, or those that it is tested on. */
export type SampleSet = 'train' | 'test';
