import type { JsonSchema } from '@kilonova/http';

const name = { type: 'string', minLength: 1, maxLength: 255 };
const domain = { type: 'object', properties: { id: name, name }, minProperties: 1 };
const project = { type: 'object', properties: { id: name, name, domain }, minProperties: 1 };
const user = {
  type: 'object',
  properties: { id: name, name, domain, password: { type: 'string', maxLength: 4096 } },
  required: ['password'],
};

/** `POST /v3/auth/tokens` */
export const authSchema: JsonSchema = {
  type: 'object',
  properties: {
    auth: {
      type: 'object',
      properties: {
        identity: {
          type: 'object',
          properties: {
            methods: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 8 },
            password: { type: 'object', properties: { user }, required: ['user'] },
            token: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
          },
          required: ['methods'],
        },
        scope: {
          anyOf: [
            { enum: ['unscoped'] },
            {
              type: 'object',
              properties: { project, domain, system: { type: 'object', properties: { all: { type: 'boolean' } } } },
              minProperties: 1,
              maxProperties: 1,
            },
          ],
        },
      },
      required: ['identity'],
    },
  },
  required: ['auth'],
};
