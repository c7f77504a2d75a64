import type { ApiDescription, JsonSchema, Route } from '@kilonova/http';
import { placementRules } from '../../policy/index.js';
import { placementRoutes } from '../routes.js';
import { replaceAggregates } from '../schemas/aggregate.js';
import { placementAnswers } from '../schemas/responses/index.js';
import { MAX_VERSION, MIN_VERSION } from '../versions.js';

const text = { type: 'string' };
const error: JsonSchema = {
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['status', 'title', 'detail', 'request_id'],
        properties: {
          status: { type: 'integer' },
          title: text,
          detail: text,
          code: { ...text, description: 'From 1.23 on.' },
          request_id: text,
          max_version: { ...text, description: 'Of status 406.' },
          min_version: { ...text, description: 'Of status 406.' },
        },
      },
    },
  },
};

/** A row without a rule that is not public and has nothing to read only says that it came too early. */
const isRefusal = (row: Route): boolean => row.public !== true && row.policy === undefined && row.query === undefined;

/** The tables of this service. */
export const placementTables: ApiDescription = {
  title: 'Placement',
  service: 'placement',
  versions: { min: MIN_VERSION, max: MAX_VERSION },
  routes: placementRoutes.filter((row) => !isRefusal(row)),
  rules: placementRules,
  answers: placementAnswers,
  error,
  lateBodies: new Map([['PUT /resource_providers/:uuid/aggregates', replaceAggregates]]),
};
