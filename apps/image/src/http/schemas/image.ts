import type { JsonSchema } from '@kilonova/http';

/** `POST /v2/images`: attributes are checked one by one, so that each refusal has its own status. */
export const createImageSchema: JsonSchema = { type: 'object', maxProperties: 200 };

/** `PATCH /v2/images/{id}` */
export const patchImageSchema: JsonSchema = {
  type: 'array',
  maxItems: 200,
  items: {
    type: 'object',
    properties: { op: { enum: ['add', 'replace', 'remove'] }, path: { type: 'string', minLength: 2, maxLength: 300 } },
    required: ['op', 'path'],
  },
};
