import { Tensor } from '../tensor/index.ts';
import { type Background, backgroundOf, countOthers } from './background.ts';

/** Numbers in rows, a row a sample, of which some are looked at at a time: those of a tensor, or too many for one. */
export interface Rows {
  /** How many rows there are, and how many numbers each of them has. */
  readonly shape: readonly [number, number];
  /** The rows `first` to before `end`, one after the other. Those that were asked for before may be gone then. */
  rows(first: number, end: number): Float32Array;
}

/** Inputs in rows, of which is known what the kernels must know of all of them. */
export interface InputRows extends Rows {
  /** As `backgroundOf` has it of all inputs. */
  background(): Background | undefined;
  /** How many inputs differ from a value. */
  others(value: number): number;
}

/** A matrix's rows: without a copy where they lie as float32, one after the other. */
export function rowsOf(given: Tensor<[number, number]> | InputRows): InputRows;
export function rowsOf(given: Tensor<[number, number]> | Rows): Rows;
export function rowsOf(given: Tensor<[number, number]> | Rows): Rows {
  if (!(given instanceof Tensor)) return given;
  const elements = given.elements();
  const data = elements instanceof Float32Array ? elements : Float32Array.from(elements);
  const [count, length] = given.shape as [number, number];
  const inputs: InputRows = {
    shape: [count, length],
    rows: (first, end) => data.subarray(first * length, end * length),
    background: () => backgroundOf(data),
    others: value => countOthers(data, value),
  };
  return inputs;
}
