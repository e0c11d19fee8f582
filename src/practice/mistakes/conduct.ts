import type { Misconduct } from './mistake.ts';

/** What is told from what the code does or looks like. Names in braces are filled in where it is found. */
export const misconduct: Misconduct = {
  // ————— there is nothing to call —————
  'nothing-written': '`{function}` is not written yet.',
  'not-exported': 'Nothing is exported under the name `{function}`.',
  'file-empty': '{file} is empty: `{function}` is to be written in it.',
  'file-gone': '{file} is not there any more: `{function}` is to be written in it.',
  'export-missing': '`{found}` (line {line}) is written but not exported: put `export` in front of it.',
  'misspelt-export': '`{found}` (line {line}) is exported, but the practical calls it `{function}`.',
  'not-a-function': '`{function}` (line {line}) is not a function.',

  // ————— a file that cannot be run: what the reader says of it —————
  'cannot-be-read': '{file}, line {line}: {says}.',
  'import-not-allowed': '{file}, line {line}: {says}.',
  'not-allowed': '{file}, line {line}: {says}.',

  'parameters-in-another-order':
    '`{function}` (line {line}) takes its arguments in another order, ({theirs}): whoever calls gives them as ({right}).',

  // ————— it does not come to an answer —————
  throws: '`{function}` stops at line {line}: {says}.',
  'throws-somewhere': '`{function}` stops: {says}.',
  'file-stops': 'The file stops while it is loaded, at line {line}: {says}.',
  'name-not-there': 'Line {line}: {says}.',
  runaway: '`{within}` (line {line}) does not come to an end: it was stopped.',
  'runaway-loop': 'The loop in line {line} ({kind}) does not come to an end: it was stopped.',
  'runaway-file': 'What stands in line {line} does not come to an end while the file is loaded: it was stopped.',
  'runaway-somewhere': '`{function}` does not come to an end: it was stopped.',
  'ends-the-program': '`{function}` ended the program in which it ran: {says}.',
  'wants-transpose': 'Line {line} stops: {says}. The matrix is needed the other way round here: put `.t()` after it.',
  'transpose-too-many': 'Line {line} stops: {says}. The matrix is right as it is here: leave `{transpose}` out.',
  'wrong-matrix': 'Line {line} stops: {says}. Is it the matrix of the other layer?',
  'another-variable':
    'Line {line} stops: {says}. `{outside}` is a variable outside of the function; what the function is given is `{name}`.',
  'given-nothing':
    'Line {line}: `{name}` is nothing (undefined) here, where `{given}` wants a tensor. Is it filled by another call, or later?',
  'operand-is-nothing':
    'Line {line}: `{name}` is nothing (undefined) here, so `{operation}` has nothing to work with. Is a `return` missing in what should give it?',
  'outer-with-another':
    'Line {line} stops: {says}. A factor of the outer product is `{name}`; what is wanted in its place is `{wanted}`.',
  'wrong-vector': 'Line {line} stops: {says}. It is the wrong vector for this matrix.',
  'mm-for-mv': 'Line {line} stops: {says}. A matrix times a vector is `mv`; `mm` wants two matrices.',
  'dot-for-mv': 'Line {line} stops: {says}. A matrix times a vector is `mv`; `dot` wants two vectors.',
  'mul-for-mv':
    'Line {line} stops: {says}. One of the two is still a matrix: a matrix times a vector is `mv`, not `mul`.',
  'mv-for-outer': 'Line {line} stops: {says}. A column times a row is wanted here: `outer`.',
  'elementwise-for-outer':
    'Line {line} stops: {says}. Each entry of the one is wanted with each of the other, a column times a row: `outer`, not `mul`.',
  'outer-reversed': 'Line {line} stops: {says}. The two factors of the outer product have changed places.',
  'column-into-sum': 'Line {line} stops: {says}. It is a column where a vector is wanted: .view(−1) makes one of it.',
  'sums-swapped': 'Line {line} stops: {says}. What is added belongs to another sum.',
  'shapes-differ': 'Line {line} stops: {says}. One of the two has the length of the other layer.',

  // ————— the answer is no tensor —————
  'missing-return': '`{function}` (line {line}) gives nothing back. A function in braces wants `return`.',
  'empty-return':
    '`{function}` gives nothing back: the `return` in line {line} ends there, and what stands on the next line does not belong to it. Put both on one line.',
  'number-for-a-tensor': '`{function}` (line {line}) gives a plain number; a tensor is wanted: leave `.item()` out.',
  'list-for-a-tensor': '`{function}` (line {line}) gives a list; one tensor is wanted.',
  'promise-for-a-tensor':
    '`{function}` (line {line}) gives a promise: leave `async` out, there is nothing to wait for here.',
  'no-tensor': '`{function}` (line {line}) gives {what}; a tensor is wanted.',

  // ————— the answer is right, but not only that —————
  loop: 'Line {line} has a loop ({kind}): the operations of tensors do all entries at once, and a loop is not needed.',
  recursion: 'Line {line} has a function that calls itself: the operations of tensors do all entries at once.',
  'changes-its-argument': '`{function}` changes `{name}`, which belongs to whoever calls.',
  'changes-its-argument-in-place':
    'Line {line} changes `{name}` in place, with `{method}`: it belongs to whoever calls. Take the method without the _ at its end, which gives a new tensor.',
  'value-changed-in-place':
    'Line {line} changes `{name}` in place, and `{wanted}` is computed from what it has become: take the method without the _ at its end, which gives a new tensor.',
  'argument-replaced':
    'Line {line} puts something else, `{text}`, in place of the argument `{name}`: the pass works with what it is given.',
  'leaves-a-global': '`{function}` leaves `{name}` behind on the global object: declare it with `const`.',
  random:
    '`{function}` (line {line}) gives something else each time, for the same arguments: is something random in it?',
  remembers:
    '`{function}` (line {line}) remembers earlier calls: its answer depends on what another call left behind. Keep nothing outside of the function.',
  'ignores-its-argument':
    '`{function}` (line {line}) gives the same for different arguments: does it read a variable from outside?',
  'sigma-overflows':
    '`{function}` (line {line}) gives {theirs} at {x}, where tanh is {right}: e^x has become too large for a number. `x.tanh()` has no such trouble.',
  'only-at-full-size': '{subject} is right on small networks but not at 784-50-10: does a length stand in the code?',

  // ————— the forward pass’s tuple —————
  'no-tuple': '`{function}` (line {line}) gives {what}; wanted are five tensors, [x0, s1, x1, s2, x2].',
  'results-missing': '`{function}` (line {line}) gives {count} values; wanted are five, [x0, s1, x1, s2, x2].',
  'results-in-another-order':
    '`{function}` (line {line}) gives the right values in another order: wanted is [x0, s1, x1, s2, x2], and here stands [{order}].',
  'x0-activated': 'x0, the first value that `{function}` (line {line}) gives back, is σ(x); it has to be x itself.',
  'x0-wrong': 'x0, the first value that `{function}` (line {line}) gives back, has to be x itself, as it came.',
  'returns-another': '`{function}` (line {line}) computes `{name}` rightly, but gives back {instead} in its place.',
  'changed-afterwards':
    '`{name}` (line {line}) is right at first and changed afterwards, in place: the backward pass needs it as it was.',

  // ————— the four sums —————
  'gradient-forgotten':
    'Nothing is added to `{sum}`: it is still zero after the call. (`add_` adds in place; `add` gives a new tensor.)',
  'never-reached': 'Line {line}, which adds to `{sum}`, is never reached: does something return before it?',
  'sum-rebound':
    '`{sum}` (line {line}) gets a new value inside the function, which whoever calls never sees: add to it in place, `{sum}.add_(…)`.',
  'sum-overwritten': '`{sum}` is overwritten with this sample’s gradient; what was in it has to stay: add to it.',
  'sum-zeroed':
    'Line {line} sets `{sum}` to zero, with `{method}`: what the samples before have added has to stay in it.',
  'sum-doubled': '`{sum}`: what was in it is doubled before this sample’s gradient is added.',
  'sum-scaled': '`{sum}`: what was in it is multiplied by {factor}; it has to stay as it is.',
  'sum-negated': '`{sum}`: what was in it is subtracted from this sample’s gradient.',
  'sum-unchanged': '`{sum}` stays as it was where it does not start at zero.',
  'sum-wrong': '`{sum}` does not grow by this sample’s gradient where it does not start at zero.',
};
