import type { SchemaVersion } from '@kilonova/http';
import { once } from '../common/parameter-types.js';
import { text } from '../common/schema-kit.js';

/** Whose flavor; within a zone, or anywhere. */
export const capacityQuery: readonly SchemaVersion[] = [
  {
    schema: {
      type: 'object',
      properties: { flavor: once(text(1, 255)), availability_zone: once(text(1, 255)) },
      required: ['flavor'],
      additionalProperties: false,
    },
  },
];
