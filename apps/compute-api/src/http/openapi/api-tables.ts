import type { ApiDescription, JsonSchema, Route } from '@kilonova/http';
import { computeRules } from '../../policy/index.js';
import { GoneController } from '../gone.controller.js';
import { computeRoutes, versionRoutes } from '../routes.js';
import { computeAnswers, versionAnswers } from '../schemas/responses/index.js';
import { MAX_VERSION, MIN_VERSION } from '../versions.js';

/** Where the API stands; `/v2` is the same at its least microversion. */
const PREFIX = '/v2.1';

const fault: JsonSchema = {
  type: 'object',
  description: 'One key, which tells the kind: badRequest, forbidden, itemNotFound, conflictingRequest …; error of a 401.',
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: {
    type: 'object',
    required: ['code', 'message'],
    properties: { code: { type: 'integer' }, message: { type: 'string' } },
  },
};

/** Beside the pages of versions, which stand at the root, everything is below the prefix. */
const rows: readonly Route[] = [
  ...versionRoutes.filter(({ path }) => path.endsWith('/')),
  ...computeRoutes
    .filter(({ controller }) => controller !== GoneController)
    .map((row) => ({ ...row, path: `${PREFIX}${row.path}` })),
];

/** The tables of this service. */
export const computeTables: ApiDescription = {
  title: 'Compute',
  service: 'compute',
  versions: { min: MIN_VERSION, max: MAX_VERSION },
  routes: rows,
  rules: computeRules,
  answers: {
    ...versionAnswers,
    ...Object.fromEntries(Object.entries(computeAnswers).map(([key, ways]) => [key.replace(' /', ` ${PREFIX}/`), ways])),
  },
  error: fault,
};
