import type { Practical } from '../../six-functions.ts';
import type { FunctionFacts, FunctionName, Transformed } from '../protocol.ts';
import type { Supervision } from './supervision.ts';
import { isTensor, whatIs } from './values.ts';

type Anything = (...args: unknown[]) => unknown;

/**
 * Somebody's six functions as the practical's loop calls them, a thousand times a step: each call may take so long, and
 * what the loop itself needs of a result is looked at, so that it is told where it comes from.
 */
export function inTraining(
  functions: Transformed['functions'],
  functionOf: (facts: FunctionFacts) => unknown,
  supervision: Supervision,
  milliseconds: number,
): Practical {
  const own = (name: FunctionName, objection: (value: unknown) => string | undefined = () => undefined) => {
    const facts = functions[name]!;
    const { file, line, exportedAs } = facts;
    return (...args: unknown[]) => {
      supervision.allow(milliseconds);
      const f = functionOf(facts);
      if (typeof f !== 'function') throw supervision.fail(file, line, `\`${exportedAs}\` is not a function`);
      const value = (f as Anything)(...args);
      supervision.goOn();
      const says = objection(value);
      if (says !== undefined) throw supervision.fail(file, line, `\`${exportedAs}\` ${says}`);
      return value;
    };
  };
  return {
    sigma: own('sigma'),
    dsigma: own('dsigma'),
    loss: own('loss', notOneNumber),
    dloss: own('dloss'),
    forwardPass: own('forwardPass', notFiveTensors),
    backwardPass: own('backwardPass'),
  } as unknown as Practical;
}

function notOneNumber(value: unknown): string | undefined {
  if (!isTensor(value)) return `gives ${whatIs(value)}, where a tensor of one number is wanted`;
  if (value.shape.every(length => length === 1)) return undefined;
  return `gives a tensor of shape [${value.shape.join(', ')}], where one number is wanted`;
}

function notFiveTensors(value: unknown): string | undefined {
  const wanted = 'where [x0, s1, x1, s2, x2] is wanted';
  if (!Array.isArray(value)) return `gives ${whatIs(value)}, ${wanted}`;
  if (value.length !== 5) return `gives a list of ${value.length}, ${wanted}`;
  const other = value.find(item => !isTensor(item));
  return value.every(isTensor) ? undefined : `gives ${whatIs(other)} in its list, ${wanted}`;
}
