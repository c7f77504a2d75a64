import { AppError, type ErrorKind, type RetryAdvice } from '@kilonova/util';

/** An AppError as it crosses the bus. */
export interface WireError {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly retry: RetryAdvice;
}

export const toWireError = (error: AppError): WireError => ({
  kind: error.kind,
  code: error.code,
  message: error.message,
  details: error.details,
  retry: error.retry,
});

export const fromWireError = (wire: WireError): AppError => new AppError(wire);
