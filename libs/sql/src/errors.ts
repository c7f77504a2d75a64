import { AppError, type BackoffPlan, retry, storageFull } from '@kilonova/util';
import pg from 'pg';
import {
  QueryFailedError,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
  TypeORMError,
} from 'typeorm';

/** The codes that callers branch on (PostgreSQL manual, appendix A). */
export const SQLSTATE = {
  uniqueViolation: '23505',
  foreignKeyViolation: '23503',
  checkViolation: '23514',
  notNullViolation: '23502',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
  lockNotAvailable: '55P03',
  queryCanceled: '57014',
  adminShutdown: '57P01',
  crashShutdown: '57P02',
  cannotConnectNow: '57P03',
  diskFull: '53100',
  outOfMemory: '53200',
  tooManyConnections: '53300',
  ioError: '58030',
  duplicateDatabase: '42P04',
  undefinedDatabase: '3D000',
  undefinedTable: '42P01',
} as const;

const SHAPE = /^[0-9A-Z]{5}$/;

const driverError = (error: unknown): unknown => (error instanceof QueryFailedError ? error.driverError : error);

const field = (error: unknown, name: 'code' | 'constraint' | 'severity'): string | undefined => {
  const inner = driverError(error);
  if (!(inner instanceof Error)) return undefined;
  const value = (inner as unknown as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
};

/** The SQLSTATE that the server answered with; undefined for everything else, a lost connection included. */
export function sqlState(error: unknown): string | undefined {
  const code = field(error, 'code');
  return driverError(error) instanceof pg.DatabaseError && code !== undefined && SHAPE.test(code) ? code : undefined;
}

/** The name of the constraint that was violated. */
const violatedConstraint = (error: unknown): string | undefined => field(error, 'constraint');

const severity = (error: unknown): string | undefined => field(error, 'severity');

const violates = (error: unknown, state: string, constraint?: string): boolean =>
  sqlState(error) === state && (constraint === undefined || violatedConstraint(error) === constraint);

/** True for a duplicate key, of the named constraint or index if one is given. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  violates(error, SQLSTATE.uniqueViolation, constraint);

/** True for a reference to what is not there, or the removal of what is referred to. */
export const isForeignKeyViolation = (error: unknown, constraint?: string): boolean =>
  violates(error, SQLSTATE.foreignKeyViolation, constraint);

/** True when the same transaction may succeed if it is run again at once: serialization failure or deadlock. */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error);
  return state === SQLSTATE.serializationFailure || state === SQLSTATE.deadlockDetected;
}

const UNAVAILABLE: ReadonlySet<string> = new Set([
  SQLSTATE.adminShutdown,
  SQLSTATE.crashShutdown,
  SQLSTATE.cannotConnectNow,
  SQLSTATE.outOfMemory,
  SQLSTATE.tooManyConnections,
  SQLSTATE.ioError,
  SQLSTATE.undefinedDatabase,
]);

const NETWORK: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** A statement and its parameters do not fit together: ours to mend; no connection is lost. */
const PROTOCOL_VIOLATION = '08P01';

const isConnectionState = (state: string): boolean => state.startsWith('08') && state !== PROTOCOL_VIOLATION;

/** After one of these the server ends the connection: it is closing, or takes none (`55000` for a closed database). */
const ENDS_CONNECTION: ReadonlySet<string | undefined> = new Set(['FATAL', 'PANIC']);

/** What TypeORM says of a transaction whose connection was lost between two statements. */
const lostInTransaction = (error: unknown): boolean =>
  error instanceof QueryRunnerAlreadyReleasedError || error instanceof QueryRunnerProviderAlreadyReleasedError;

/**
 * True when the database could not be reached or went away. The driver reports some of these as a bare Error without
 * any code, so a plain Error from a query that the server did not answer counts as one.
 */
export function isConnectionFailure(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return isConnectionState(state) || UNAVAILABLE.has(state) || ENDS_CONNECTION.has(severity(error));
  if (lostInTransaction(error)) return true;
  const inner = driverError(error);
  if (!(inner instanceof Error) || inner instanceof AppError) return false;
  const code = field(error, 'code');
  if (code !== undefined) return NETWORK.has(code);
  return error instanceof QueryFailedError && Object.getPrototypeOf(inner) === Error.prototype;
}

/** What to throw on: an AppError of kind `dependency` for a database that is away, too slow or full (507), else the error itself. */
export function asDependency(error: unknown): unknown {
  const state = sqlState(error);
  if (state === SQLSTATE.diskFull) return storageFull(error);
  const timedOut = state === SQLSTATE.queryCanceled;
  if (!timedOut && !isConnectionFailure(error)) return error;
  return timedOut ? tooSlow(error) : unavailable(error);
}

const tooSlow = (cause: unknown): AppError =>
  new AppError({ kind: 'dependency', code: 'sql.database.timeout', message: 'The database did not answer in time.', cause });

const unavailable = (cause: unknown): AppError =>
  new AppError({ kind: 'dependency', code: 'sql.database.unavailable', message: 'The database is not available.', cause });

/** The same for an error from making a connection, of which every cause but our own mistakes means that there is none. */
export function asConnectDependency(error: unknown): unknown {
  const own = error instanceof AppError || (error instanceof TypeORMError && !(error instanceof QueryFailedError));
  return own && !lostInTransaction(error) ? error : unavailable(error);
}

const DEFAULT_PLAN: BackoffPlan = { attempts: 5, baseMs: 10, capMs: 200 };

/** Runs a whole transaction again after a deadlock or serialization failure, within the plan. */
export const retryTransient = <T>(task: () => Promise<T>, plan: BackoffPlan = DEFAULT_PLAN): Promise<T> =>
  retry(plan, task, isTransient);
