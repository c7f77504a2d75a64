import { types } from 'pg';

/** PostgreSQL's number of the type bigint, which count(*) has too. */
const INT8 = 20;

const parseInt8 = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`);
  return value;
};

/**
 * Type parsers for one connection: bigint comes as a number, and one past 2^53 fails the query instead of losing digits.
 * Numeric stays text: sum() of bigint is numeric, so write `sum(x)::bigint`.
 */
export const connectionTypes: typeof types = {
  ...types,
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? parseInt8 : types.getTypeParser(oid, format as 'text')) as typeof types.getTypeParser,
};

/** For entity columns: TypeORM turns a bigint that came as a number back into text unless a transformer keeps it. */
export const bigintColumn = {
  to: (value: number | null | undefined): number | null | undefined => value,
  from: (value: string | number | null | undefined): number | null | undefined =>
    value === null || value === undefined ? value : parseInt8(String(value)),
};
