import type { JsonSchema } from '@kilonova/util';

const inventory: JsonSchema = {
  type: 'object',
  properties: {
    total: { type: 'integer', minimum: 1, maximum: 0x7fffffff },
    reserved: { type: 'integer', minimum: 0, maximum: 0x7fffffff },
    min_unit: { type: 'integer', minimum: 1, maximum: 0x7fffffff },
    max_unit: { type: 'integer', minimum: 1, maximum: 0x7fffffff },
    step_size: { type: 'integer', minimum: 1, maximum: 0x7fffffff },
    allocation_ratio: { type: 'number', exclusiveMinimum: 0 },
  },
  required: ['total'],
  additionalProperties: false,
};

/** Source: the published schema 1.0 of provider configuration files, with placement's own bounds. */
export const providerFileSchema: JsonSchema = {
  type: 'object',
  properties: {
    __source_file: false,
    meta: {
      type: 'object',
      properties: { schema_version: { type: 'string', pattern: '^1\\.([0-9]|[1-9][0-9]+)$' } },
      required: ['schema_version'],
    },
    providers: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          identification: {
            type: 'object',
            properties: {
              uuid: {
                type: 'string',
                pattern: '^([0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}|\\$COMPUTE_NODE)$',
              },
              name: { type: 'string', minLength: 1, maxLength: 200 },
            },
            minProperties: 1,
            maxProperties: 1,
            additionalProperties: false,
          },
          inventories: {
            type: 'object',
            properties: {
              additional: {
                type: 'array',
                items: {
                  type: 'object',
                  patternProperties: { '^[A-Z0-9_]{1,255}$': inventory },
                  additionalProperties: false,
                },
              },
            },
          },
          traits: {
            type: 'object',
            properties: { additional: { type: 'array', items: { type: 'string', pattern: '^[A-Z0-9_]{1,255}$' } } },
          },
        },
        required: ['identification'],
      },
    },
  },
  required: ['meta'],
};
