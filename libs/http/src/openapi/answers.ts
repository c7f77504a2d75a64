import type { VersionSpan } from '../microversion.js';
import type { JsonSchema, SchemaVersion } from '../route.js';

/** A header that such a response has at every microversion of its span. */
export interface AnswerHeader extends VersionSpan {
  readonly description: string;
  /** False: it may be left out. */
  readonly required: boolean;
  readonly schema: JsonSchema;
}

export type AnswerHeaders = Readonly<Record<string, AnswerHeader>>;

/** One way in which an operation succeeds, told apart by its status. Without a span it holds wherever the operation is there. */
export interface Success extends VersionSpan {
  readonly status: 200 | 201 | 202 | 204 | 207 | 300;
  readonly description: string;
  readonly headers?: AnswerHeaders;
  /** Left out: the response is empty. */
  readonly body?: readonly SchemaVersion[];
}

/** How operations succeed, by `PUT /path/:param`, of an action by `POST /path/:param/action name`. None: it never does here. */
export type Answers = Readonly<Record<string, readonly Success[]>>;

/** The absolute address of what was made. */
export const located: AnswerHeaders = {
  location: { description: 'Where it is.', required: true, schema: { type: 'string', format: 'uri' } },
};

/** 204, empty. */
export const done = (description: string, more: Partial<Success> = {}): Success => ({ status: 204, description, ...more });
