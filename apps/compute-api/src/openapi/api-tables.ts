import type { ApiDescription, JsonSchema } from '@kilonova/http';
import { computeAnswers } from '../compute-answers.js';
import { computeRoutes } from '../compute-routes.js';
import { computeRules } from '../compute-rules.js';
import { GoneController } from '../gone/gone.controller.js';
import { acceptedActions } from '../server/actions/server-action.responses.js';
import { versionAnswers } from '../version/version.responses.js';
import { versionRoutes } from '../version/version.routes.js';
import { EXTENSIONS, MAX_VERSION, MIN_VERSION } from '../version/version-span.js';

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

const below = computeRoutes.filter(({ controller }) => controller !== GoneController);
const answersBelow = { ...acceptedActions(below), ...computeAnswers };

/** The tables of this service. */
export const computeTables: ApiDescription = {
  title: 'Compute',
  service: 'compute',
  versions: { min: MIN_VERSION, max: MAX_VERSION },
  extensions: EXTENSIONS,
  // Beside the pages of versions, which stand at the root, everything is below the prefix.
  routes: [
    ...versionRoutes.filter(({ path }) => path.endsWith('/')),
    ...below.map((row) => ({ ...row, path: `${PREFIX}${row.path}` })),
  ],
  rules: computeRules,
  answers: {
    ...versionAnswers,
    ...Object.fromEntries(Object.entries(answersBelow).map(([key, ways]) => [key.replace(' /', ` ${PREFIX}/`), ways])),
  },
  error: fault,
};
