/** Why a query string cannot be understood: the wording that clients know, and the wire code where it has one of its own. */
export interface QueryFault {
  readonly ok: false;
  readonly message: string;
  readonly code?: 'placement.query.bad_value' | 'placement.query.missing_value' | 'placement.query.duplicate_key';
}

export type QueryResult<T> = { readonly ok: true; readonly value: T } | QueryFault;

/** Decoded query parameters in the order of the request; a key may come several times. */
export type QueryParams = readonly (readonly [key: string, value: string])[];

/** Ends parsing from any depth; `parsing` turns it into a fault. */
class Rejection extends Error {
  constructor(
    message: string,
    readonly code?: QueryFault['code'],
  ) {
    super(message);
  }
}

export function reject(message: string, code?: QueryFault['code']): never {
  throw new Rejection(message, code);
}

/** Runs a parser and answers its value, or the fault that it rejected with. */
export function parsing<T>(parse: () => T): QueryResult<T> {
  try {
    return { ok: true, value: parse() };
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return { ok: false, message: error.message, code: error.code };
  }
}

/** Values of one key, in order. */
export const valuesOf = (params: QueryParams, key: string): string[] =>
  params.flatMap(([k, value]) => (k === key ? [value] : []));
