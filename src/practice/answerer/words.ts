import * as tensorModule from '../../tensor/index.ts';
import { Tensor } from '../../tensor/index.ts';
import { nearest } from './nearest.ts';
import { isTensor, whatIs } from './values.ts';

/**
 * What torch has and Longhand's tensor has not, or not under this name, and what to write. It is looked at only where
 * the tensor does not have the name.
 */
export const instead: Readonly<Record<string, string>> = {
  bmm: 'a matrix times a matrix is `.mm`',
  ger: 'a column times a row is `.outer`',
  permute: 'the transpose is `.t()`',
  square: 'the square is `.pow(2)`',
  sinh: 'write it with `.exp()`',
  multiply: 'write `.mul`',
  subtract: 'write `.sub`',
  divide: 'write `.div`',
  negative: 'write `.neg()`',
  zero: 'write `.zero_()`',
  numpy: 'the numbers are `.tolist()`',
  length: 'lengths are `.size(0)` and `.numel()`',
  ndim: 'the number of dimensions is `.dim()`',
  backward: 'nothing is derived by itself here: the backward pass is for you to write',
  grad: 'nothing is derived by itself here: the backward pass is for you to write',
  requires_grad: 'nothing is derived by itself here: the backward pass is for you to write',
  detach: 'nothing is derived by itself here, so there is nothing to detach from: leave it out',
  cuda: 'leave it out',
  cpu: 'leave it out',
  map: 'operations work on all elements at once: `.mul`, `.tanh`, …',
  forEach: 'operations work on all elements at once: `.mul`, `.tanh`, …',
};

const operations: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '**': 'pow',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};

/** `x.bmm` where a tensor has none. */
export function noSuchMember(text: string, name: string): string {
  const advice = instead[name] ?? similar(name, membersOfTensor());
  return `a tensor has no \`.${name}\` (\`${text}.${name}\`)${advice === undefined ? '' : `: ${advice}`}`;
}

/** `x[0]` of a tensor. */
export function noIndex(text: string, index: PropertyKey): string {
  const entry = typeof index === 'symbol' ? '…' : index;
  return `\`${text}[${entry}]\`: a tensor has no brackets; write \`${text}.select(0, ${entry})\``;
}

/** `x.add` where x is not there at all. */
export function memberOfNothing(text: string, name: string, value: undefined | null): string {
  if (text.endsWith(')'))
    return `\`${text}\` gives ${whatIs(value)}, so it has no \`.${name}\`: is a \`return\` missing?`;
  return `\`${text}\` is ${whatIs(value)}, so it has no \`.${name}\``;
}

/** `p.tolist` where p is a promise. */
export function memberOfPromise(text: string, name: string): string {
  return `\`${text}\` is a promise, so it has no \`.${name}\` yet: write \`await\` in front of it`;
}

/** `x.mul(…)` where x has no such function. */
export function noSuchMethod(text: string, name: string, receiver: unknown, member: unknown): string {
  if (member !== undefined)
    return `\`${text}.${name}\` is ${whatIs(member)}, not a function: leave its brackets \`()\` out`;
  if (typeof receiver === 'function' && name in Tensor.prototype) {
    return `\`${text}\` is a function: call it before \`.${name}\`, \`${text}(…).${name}(…)\``;
  }
  const hint = name in Tensor.prototype ? `; \`.${name}\` is a tensor's` : '';
  return `\`${text}\` is ${whatIs(receiver)} and has no \`.${name}\`${hint}`;
}

/** `f(x)` where f is none. */
export function noFunction(text: string, value: unknown): string {
  if (value === undefined) return `\`${text}\` is nothing (undefined), so it cannot be called`;
  return `\`${text}\` is ${whatIs(value)}, not a function, so it cannot be called`;
}

/** `dsigma(s2)` where there is no s2. */
export function givenNothing(name: string, value: undefined | null): string {
  return `\`${name}\` is given ${whatIs(value)} where a tensor is wanted`;
}

/** `sum(dim = 0)`. */
export function keyword(name: string): string {
  return `\`${name} = …\` stands in the brackets of a call: TypeScript has no keyword arguments; give the value alone, without \`${name} =\``;
}

/** A name that nothing declares. */
export function unknownName(name: string): string {
  if (name === 'torch')
    return "there is no `torch` here: its functions are imported from 'longhand/tensor', and a tensor has the rest, `x.tanh()`";
  if (Object.hasOwn(tensorModule, name))
    return `\`${name}\` is not imported: write \`import { ${name} } from 'longhand/tensor'\``;
  if (name in Tensor.prototype) return `there is no function \`${name}\`: a tensor has it, \`x.${name}(…)\``;
  const near = similar(name, Object.keys(tensorModule));
  return `there is no \`${name}\` here${near === undefined ? '' : `; ${near}`}`;
}

/** `v - t` of tensors. */
export function operatorOnTensors(operator: string, left: string, right: string, a: unknown): string {
  const name = operations[operator];
  const plain = /^[\w.]+$/.test(left) ? left : `(${left})`;
  const advice =
    name === undefined
      ? undefined
      : isTensor(a)
        ? `\`${plain}.${name}(${right})\``
        : /^(add|sub|mul|div|pow)$/.test(name)
          ? `\`${name}(${left}, ${right})\`, from 'longhand/tensor'`
          : undefined;
  return `\`${left} ${operator} ${right}\`: in TypeScript \`${operator}\` is for numbers only${advice === undefined ? '' : `; for tensors write ${advice}`}`;
}

/** `dlDb2 += dlDs2`, where what is added is to stay in the tensor that was given. */
export function operatorIntoSum(operator: string, left: string, right: string): string {
  const name = operations[operator];
  return `\`${left} ${operator}= ${right}\`: in TypeScript \`${operator}=\` is for numbers only; into a sum of tensors it goes in place, \`${left}.${name}_(${right})\``;
}

export function negativeOfTensor(text: string): string {
  return `\`-${text}\`: in TypeScript \`-\` is for numbers only; for tensors write \`${/^[\w.]+$/.test(text) ? text : `(${text})`}.neg()\``;
}

/** `Math.tanh(x)` of a tensor. */
export function mathOfTensor(name: string): string {
  const own = name in Tensor.prototype ? `; a tensor has its own, \`x.${name}(${name === 'pow' ? '…' : ''})\`` : '';
  return `\`Math.${name}\` is for numbers only${own}`;
}

/** `const [a, b] = f()` where f gives no list. */
export function noList(text: string, value: unknown): string {
  if (value === undefined && text.endsWith(')'))
    return `\`${text}\` gives nothing, where a list is taken apart: is a \`return\` missing?`;
  if (whatIs(value) === 'a promise') return `\`${text}\` is a promise: write \`await\` in front of it`;
  return `\`${text}\` is ${whatIs(value)}, where a list is taken apart`;
}

/** What a JavaScript engine threw by itself, without its words. */
export function thrownByEngine(error: unknown): string {
  if (error instanceof RangeError)
    return 'a number here is outside of what is possible: a length that is negative, or too large for the memory there is?';
  if (error instanceof TypeError) return 'something here is used as what it is not';
  if (error instanceof ReferenceError) return 'a name is used here before it is given its value';
  return 'this cannot be computed';
}

export const callsItselfForever = 'it calls itself without end';

function similar(name: string, names: Iterable<string>): string | undefined {
  const near = nearest(name, names);
  return near === undefined ? undefined : `did you mean \`${near}\`?`;
}

function membersOfTensor(): string[] {
  return [...Object.getOwnPropertyNames(Tensor.prototype), 'shape', 'dtype'].filter(name => name !== 'constructor');
}
