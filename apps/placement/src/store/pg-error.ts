/** SQLSTATE classes that repositories tell apart. Messages are never compared. */
export const SqlState = {
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  deadlock: '40P01',
  serializationFailure: '40001',
} as const;

interface PgError {
  readonly code?: string;
  readonly constraint?: string;
}

/** The SQLSTATE of whatever the driver threw. */
export const sqlState = (error: unknown): string | undefined => (error as PgError | undefined)?.code;

/** The name of the unique constraint that was violated, if that is what happened. */
export const violatedUnique = (error: unknown): string | undefined =>
  sqlState(error) === SqlState.uniqueViolation ? (error as PgError).constraint : undefined;

/** True when the database gave up this transaction for another's sake: the same statement may simply be sent again. */
export const lostToAnother = (error: unknown): boolean => {
  const state = sqlState(error);
  return state === SqlState.deadlock || state === SqlState.serializationFailure;
};
