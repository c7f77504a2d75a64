import type { JsonSchema } from '@kilonova/http';

/** `POST /v2/images`: attributes are checked one by one, so that each refusal has its own status. */
export const createImageSchema: JsonSchema = { type: 'object', maxProperties: 200 };

const path = { type: 'string', minLength: 2, maxLength: 300 };

/** An operation of the older form. */
const named = (op: string): JsonSchema => ({
  type: 'object',
  properties: { [op]: path, value: {} },
  required: [op],
  additionalProperties: false,
});

/** `PATCH /v2/images/{id}`, in either of its media types' forms. */
export const patchImageSchema: JsonSchema = {
  type: 'array',
  maxItems: 200,
  items: {
    anyOf: [
      { type: 'object', properties: { op: { enum: ['add', 'replace', 'remove'] }, path }, required: ['op', 'path'] },
      named('add'),
      named('replace'),
      named('remove'),
    ],
  },
};
