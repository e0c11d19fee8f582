import { ShapeError } from '../tensor/errors.ts';
import type { LargeProblem, Parameters, Problem } from './engine.ts';

/** H hidden units, D inputs, C classes. */
export interface NetworkSize {
  readonly hidden: number;
  readonly inputs: number;
  readonly classes: number;
}

/**
 * The size of the network, after a look at every length that problem and parameters share: once, so that no engine need
 * look again. `operation` is the one that asks, for the message.
 *
 * @throws ShapeError where a length is another one, or 0.
 */
export function sizeOf(operation: string, problem: Problem | LargeProblem, parameters: Parameters): NetworkSize {
  const [hidden, inputs] = parameters.w1.shape as [number, number];
  const [classes] = parameters.b2.shape as [number];
  const samples = problem.trainInput.shape[0];
  const tests = problem.testInput.shape[0];
  mustBeOfSize(operation, parameters, { hidden, inputs, classes });
  const beside = `with w1 [${parameters.w1.shape.join(', ')}] and b2 [${parameters.b2.shape.join(', ')}]`;
  mustHave(operation, 'trainInput', problem.trainInput, [samples, inputs], beside);
  mustHave(operation, 'trainTarget', problem.trainTarget, [samples, classes], beside);
  mustHave(operation, 'testInput', problem.testInput, [tests, inputs], beside);
  mustHave(operation, 'testTarget', problem.testTarget, [tests, classes], beside);
  return { hidden, inputs, classes };
}

/** @throws ShapeError where parameters are not those of a network of this size. */
export function mustBeOfSize(
  operation: string,
  parameters: Parameters,
  { hidden, inputs, classes }: NetworkSize,
): void {
  const beside = `in a network of ${inputs} inputs, ${hidden} hidden units and ${classes} classes`;
  mustHave(operation, 'w1', parameters.w1, [hidden, inputs], beside);
  mustHave(operation, 'b1', parameters.b1, [hidden], beside);
  mustHave(operation, 'w2', parameters.w2, [classes, hidden], beside);
  mustHave(operation, 'b2', parameters.b2, [classes], beside);
}

function mustHave(
  operation: string,
  name: string,
  { shape }: { readonly shape: readonly number[] },
  wanted: readonly (number | undefined)[],
  beside: string,
): void {
  if (shape.join() === wanted.join() && !shape.includes(0)) return;
  throw new ShapeError(
    `${operation}: ${name} is [${shape.join(', ')}]; ${beside} it wants [${wanted.join(', ')}], none of them 0`,
  );
}
