import { LonghandError } from '../tensor/errors.ts';

/** A file of a data set is not what it should be, or cannot be read. */
export class DataError extends LonghandError {
  override name = 'DataError';
}

/**
 * A data set lies in none of the places looked at and could not be fetched either. Nothing was wrong with what was found,
 * unless in the cache, which is Longhand's own.
 */
export class NoDataError extends DataError {
  override name = 'NoDataError';
}
