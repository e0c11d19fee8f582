/**
 * What went wrong, in one line a person can act on: the operation, what came, what was wanted, and what to do.
 * Everything that Longhand throws on purpose is one of these; anything else that gets out is a defect of Longhand's.
 */
export class LonghandError extends Error {
  override name = 'LonghandError';
}

/** A tensor operation met shapes, dimensions, indices or types that do not go together. */
export class ShapeError extends LonghandError {
  override name = 'ShapeError';
}
