import type { JsonSchema, SchemaVersion, VersionSpan } from '@kilonova/http';

/** A header that such an answer has at every microversion of its span. */
export interface AnswerHeader extends VersionSpan {
  readonly description: string;
  /** False: it may be left out. */
  readonly required: boolean;
  readonly schema: JsonSchema;
}

type AnswerHeaders = Readonly<Record<string, AnswerHeader>>;

/** One way in which an operation succeeds, told apart by its status. Without a span it holds wherever the operation is there. */
export interface Success extends VersionSpan {
  readonly status: 200 | 201 | 204;
  readonly description: string;
  readonly headers?: AnswerHeaders;
  /** Left out: the answer is empty. */
  readonly body?: readonly SchemaVersion[];
}

/** How operations succeed, by `PUT /path/:param`. */
export type Answers = Readonly<Record<string, readonly Success[]>>;

/** The absolute address of what was made. */
export const located: AnswerHeaders = {
  location: { description: 'Where it is.', required: true, schema: { type: 'string', format: 'uri' } },
};

const freshnessHeaders = (dated: boolean): AnswerHeaders => ({
  'last-modified': { min: '1.15', description: 'When it was last changed.', required: dated, schema: { type: 'string' } },
  'cache-control': {
    min: '1.15',
    description: 'It is not to be kept.',
    required: true,
    schema: { type: 'string', enum: ['no-cache'] },
  },
});

/** When the thing was last changed, and that it may change again. */
export const fresh: AnswerHeaders = freshnessHeaders(true);
/** What is empty may have no time of its last change. */
export const freshUnlessEmpty: AnswerHeaders = freshnessHeaders(false);

/** 200 with a body. */
export const shown = (description: string, body: readonly SchemaVersion[], headers = fresh): Success => ({
  status: 200,
  description,
  headers,
  body,
});

/** 204, empty. */
export const done = (description: string, more: Partial<Success> = {}): Success => ({ status: 204, description, ...more });
