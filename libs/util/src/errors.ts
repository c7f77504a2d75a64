/**
 * The closed list of what can go wrong, in the caller's terms. Each transport maps a kind to its own answer
 * (HTTP status, RPC acknowledgement); nobody branches on message text.
 */
export type ErrorKind =
  | 'invalid-input'
  | 'unsupported-version'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'quota'
  | 'dependency'
  | 'deadline'
  | 'not-implemented'
  | 'bug';

/** When the same request may be sent again: never, at once, or after so many milliseconds. */
export type RetryAdvice = 'never' | 'same' | { readonly laterMs: number };

export interface AppErrorOptions {
  readonly kind: ErrorKind;
  /** `<scope>.<thing>.<reason>`; frozen once released. */
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retry?: RetryAdvice;
  readonly cause?: unknown;
}

/** The one error type that crosses layers. Thrown for what a caller cannot be made to expect; expected outcomes are returned. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retry: RetryAdvice;

  constructor(options: AppErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.kind = options.kind;
    this.code = options.code;
    this.details = options.details ?? {};
    this.retry = options.retry ?? (options.kind === 'dependency' ? { laterMs: 1000 } : 'never');
  }

  /** Whether the same request may succeed later: something around it failed, not the request itself. */
  get retryable(): boolean {
    return this.kind === 'deadline' || this.retry !== 'never';
  }

  /** Wraps anything thrown into an AppError; what is not one already is a bug. */
  static from(error: unknown): AppError {
    if (error instanceof AppError) return error;
    if (isStorageFull(error)) return storageFull(error);
    const message = reasonOf(error);
    return new AppError({ kind: 'bug', code: 'internal.unexpected', message, cause: error });
  }
}

/** What an error says; whatever else was thrown, as text. A refused connection to a name with several addresses has the reasons inside. */
export function reasonOf(error: unknown): string {
  const [inner] = error instanceof AggregateError ? error.errors : [];
  if (inner !== undefined) return reasonOf(inner);
  return error instanceof Error ? error.message : String(error);
}

/** True for an error of the file system that says that there is no room left. */
const isStorageFull = (error: unknown): boolean => {
  const { code } = (error ?? {}) as { code?: unknown };
  return error instanceof Error && (code === 'ENOSPC' || code === 'EDQUOT');
};

/** 507 with advice to come back: there is no room to store it, here or in the database. */
export const storageFull = (cause: unknown): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'storage.full',
    message: 'There is no room left to store this.',
    details: { httpStatus: 507 },
    retry: { laterMs: 30_000 },
    cause,
  });

/** Shorthand for the error of a missing thing, e.g. `notFound('compute.server.not_found', 'Instance x could not be found.')`. */
export const notFound = (code: string, message: string, details?: Record<string, unknown>): AppError =>
  new AppError({ kind: 'not-found', code, message, details });

/** Shorthand for input that the caller has to correct. */
export const invalid = (code: string, message: string, details?: Record<string, unknown>): AppError =>
  new AppError({ kind: 'invalid-input', code, message, details });

/** Shorthand for a request that does not fit the present state. */
export const conflict = (code: string, message: string, details?: Record<string, unknown>): AppError =>
  new AppError({ kind: 'conflict', code, message, details });

/** Shorthand for a caller who may not. */
export const forbidden = (code: string, message: string, details?: Record<string, unknown>): AppError =>
  new AppError({ kind: 'forbidden', code, message, details });
