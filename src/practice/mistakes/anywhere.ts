import type { Mistake } from './mistake.ts';

/** What can happen to any value: `right` is what the formula says. Tried after the mistakes of the stage itself. */
export const mistakesAnywhere: readonly Omit<Mistake, 'stages'>[] = [
  { id: 'all-zero', computes: ['nothing(right)'], says: 'What is computed has to be put in its place.' },
  {
    id: 'not-a-number',
    computes: ['unset(right)'],
    says: 'NaN is "not a number": it comes of 0 / 0, of Infinity − Infinity, or of `empty`, which is given values before it is used.',
  },
  { id: 'wrong-sign', computes: ['-right'], says: 'The sign is the wrong way round.' },
  { id: 'twice', computes: ['2 * right'], says: 'It is twice as large as it should be.' },
  { id: 'half', computes: ['right / 2'], says: 'It is half as large as it should be.' },
  { id: 'twice-with-wrong-sign', computes: ['-2 * right', '-right / 2'], says: 'Look at the sign and at the factor.' },
  { id: 'four-times', computes: ['4 * right', 'right / 4'], says: 'A factor of 2 is there, or missing, twice.' },
  { id: 'squared', computes: ['right^2'], says: 'It is the square of what it should be.' },
  { id: 'absolute-value', computes: ['abs(right)', '-abs(right)'], says: 'Every entry has lost its sign.' },
  {
    id: 'column-for-a-vector',
    computes: ['column(right)'],
    says: 'It is a column of one column where a vector is wanted: use mv in place of mm, or .view(−1).',
  },
  {
    id: 'row-for-a-vector',
    computes: ['row(right)'],
    says: 'It is a row of one row where a vector is wanted: .view(−1) makes it one.',
  },
  {
    id: 'list-of-one',
    computes: ['single(right)'],
    says: 'It is a list of one number where a tensor of no dimensions is wanted: .sum() without an argument gives one.',
  },
  {
    id: 'flattened',
    computes: ['flat(right)'],
    says: 'What comes in keeps its shape, whatever it is: .view(−1) makes a vector of it, and is not needed.',
  },
  { id: 'summed', computes: ['sum(right)'], says: 'Its entries are added up, but each is wanted by itself.' },
  { id: 'averaged', computes: ['mean(right)'], says: 'Its entries are averaged, but each is wanted by itself.' },
  {
    id: 'divided-by-length',
    computes: ['right / count(right)'],
    says: 'Nothing is divided by how many entries there are.',
  },
  { id: 'root', computes: ['sqrt(right)'], says: 'No root is taken.' },
  { id: 'logarithm', computes: ['log(right)', '-log(right)'], says: 'No logarithm is taken.' },
  {
    id: 'transposed',
    computes: ['T(right)'],
    says: 'Rows and columns have changed places: leave .t() out, or put it in.',
  },
  { id: 'inverted', computes: ['1 / right'], says: 'It is one divided by what it should be.' },
  { id: 'one-too-much', computes: ['right + 1', 'right - 1', '1 - right'], says: 'There is a 1 too much.' },
];
