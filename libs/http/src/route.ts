import type { Abstract, Type } from '@nestjs/common';
import type { Offered } from './microversion.js';
import type { ApiReply, ApiRequest } from './request.js';

/** A JSON Schema (draft 7 with `format`), as data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A schema and the microversions it holds for. One of an extension stands before what holds without. */
export interface SchemaVersion extends Offered {
  readonly schema: JsonSchema;
}

export type ControllerMethod<T> = {
  [K in keyof T]: T[K] extends (request: ApiRequest<never>) => Promise<ApiReply> | ApiReply ? K : never;
}[keyof T];

/**
 * One row of a service's route table: URL × method × microversions × policy → controller method. Several rows may
 * share URL and method with disjoint spans. Outside all spans, and without the extension that it needs, the answer is 404.
 */
export interface Route extends Offered {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** `/servers/:id`, below the API's root. */
  readonly path: string;
  /** For `POST …/action`: the body's one key that selects this row. */
  readonly action?: string;
  readonly controller: Type<unknown> | Abstract<unknown>;
  readonly handler: string;
  /** No token needed. */
  readonly public?: boolean;
  /** Outside of microversions: its responses carry none, as the list of versions does not upstream. */
  readonly unversioned?: boolean;
  /** The rule that guards the row. It must pass for the caller's own project before the body is looked at, unless … */
  readonly policy?: string;
  /** … the rule is about a thing that has to be found first: the controller then asks `authorize` with the thing's owner. */
  readonly authorizedBy?: 'controller';
  readonly query?: readonly SchemaVersion[];
  readonly body?: readonly SchemaVersion[];
  /** Dear to answer, so that only some of one project are answered at once (`ApiOptions.turns`). */
  readonly dear?: boolean;
  /** The body is not JSON: handed over as a stream (image upload). */
  readonly rawBody?: boolean;
}

/** Rows whose rule is about a thing: their controllers find it, and authorize for its owner. */
export const aboutThings = (rows: readonly Route[]): readonly Route[] =>
  rows.map((row) => (row.policy === undefined ? row : { ...row, authorizedBy: 'controller' }));

/** A row with its handler's name checked against the controller's type. */
export const route = <T>(
  row: Omit<Route, 'controller' | 'handler'>,
  controller: Type<T>,
  handler: ControllerMethod<T> & string,
): Route => ({
  ...row,
  controller: controller as Type<unknown>,
  handler,
});
