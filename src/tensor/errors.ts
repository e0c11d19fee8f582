/** What an error is made of; its message is one line of these. */
export interface ErrorParts {
  /** The function that was called: `mv`. */
  readonly operation: string;
  /** What came: `the matrix is [10, 50] but v is [784]`. */
  readonly came: string;
  /** What was wanted: `it wants [50]`. */
  readonly wanted?: string | undefined;
  /** What to do: `Did you mean the transpose, .t()?` */
  readonly advice?: string | undefined;
}

/**
 * What went wrong, in one line a person can act on: the operation, what came, what was wanted, and what to do.
 * Everything that Longhand throws on purpose is one of these; anything else that gets out is a defect of Longhand's.
 * The parts of the line are there one by one where the error was made from them, and `cause` where it wraps another.
 */
export class LonghandError extends Error {
  override name = 'LonghandError';
  declare readonly operation?: string;
  declare readonly came?: string;
  declare readonly wanted?: string;
  declare readonly advice?: string;

  constructor(message: string | ErrorParts, options?: ErrorOptions) {
    super(typeof message === 'string' ? message : lineOf(message), options);
    if (typeof message !== 'string') Object.assign(this, message);
  }
}

/** `mv: the matrix is [10, 50] but v is [10]; it wants [50]. Did you mean the transpose, .t()?` */
function lineOf({ operation, came, wanted, advice }: ErrorParts): string {
  return `${operation}: ${came}${wanted === undefined ? '' : `; ${wanted}`}${advice === undefined ? '' : `. ${advice}`}`;
}

/** A tensor operation met shapes, dimensions, indices or types that do not go together. */
export class ShapeError extends LonghandError {
  override name = 'ShapeError';
}
