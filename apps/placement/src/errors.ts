import { AppError, conflict, invalid, notFound } from '@kilonova/util';

/** The wire codes of placement. Frozen: a value never changes its meaning and is never reused. */
export const ErrorCode = {
  undefined: 'placement.undefined_code',
  inventoryInUse: 'placement.inventory.inuse',
  concurrentUpdate: 'placement.concurrent_update',
  duplicateName: 'placement.duplicate_name',
  providerInUse: 'placement.resource_provider.inuse',
  cannotDeleteParent: 'placement.resource_provider.cannot_delete_parent',
  providerNotFound: 'placement.resource_provider.not_found',
  queryDuplicateKey: 'placement.query.duplicate_key',
  queryBadValue: 'placement.query.bad_value',
  queryMissingValue: 'placement.query.missing_value',
} as const;

export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** 400 with placement's own code, where it has one. */
export const badRequest = (message: string, code: ErrorCode = ErrorCode.undefined): AppError => invalid(code, message);

/** 404. */
export const missing = (message: string): AppError => notFound(ErrorCode.undefined, message);

/** 409 with placement's own code, where it has one. */
export const refused = (message: string, code: ErrorCode = ErrorCode.undefined): AppError => conflict(code, message);

/** 400 for a query string, in the words that the schema check uses too. */
export const badQuery = (message: string, code: ErrorCode = ErrorCode.undefined): AppError =>
  badRequest(`Invalid query string parameters: ${message}`, code);
