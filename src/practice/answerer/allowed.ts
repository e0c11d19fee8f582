/** How a learner's file asks for the tensor. */
export const TENSOR = 'longhand/tensor';

/**
 * The names that JavaScript itself has wherever it runs, and the few besides that Node and a browser's worker share.
 * A learner's code knows these, its own, and what it imports.
 */
export const knownGlobals: ReadonlySet<string> = new Set(
  `undefined NaN Infinity globalThis Object Boolean Symbol Error AggregateError EvalError RangeError
  ReferenceError SyntaxError TypeError URIError Number BigInt Math Date String RegExp Array Int8Array Uint8Array
  Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array
  Map Set WeakMap WeakSet WeakRef ArrayBuffer DataView JSON Promise Reflect Proxy Iterator isNaN isFinite parseFloat
  parseInt console crypto performance structuredClone queueMicrotask setTimeout clearTimeout setInterval clearInterval`.split(
    /\s+/,
  ),
);
