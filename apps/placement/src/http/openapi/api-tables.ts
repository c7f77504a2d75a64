import { placementRules } from '../../policy/index.js';
import { placementRoutes } from '../routes.js';
import { replaceAggregates } from '../schemas/aggregate.js';
import { placementAnswers } from '../schemas/responses/index.js';
import { MAX_VERSION } from '../versions.js';
import type { ApiTables } from './openapi-document.js';

/** The tables of this service. */
export const placementTables: ApiTables = {
  routes: placementRoutes,
  rules: placementRules,
  version: MAX_VERSION,
  besideRoutes: {
    answers: placementAnswers,
    lateBodies: new Map([['PUT /resource_providers/:uuid/aggregates', replaceAggregates]]),
  },
};
