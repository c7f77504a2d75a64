import { type AnswerHeaders, type SchemaVersion, type Success } from '@kilonova/http';

export { type AnswerHeader, type Answers, done, located, type Success } from '@kilonova/http';

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
