import { ADMIN, READER, rule } from '../../common/base.rules.js';

/** Kilonova's own: why a server got its host, or none. */
export const schedulingRules = [
  rule('kilonova:servers:scheduling:show', READER, 'See how the scheduling of a server ended.', 'GET /servers/{id}/scheduling'),
  rule('kilonova:servers:scheduling:verdicts', ADMIN, 'See why each host was refused.', 'GET /servers/{id}/scheduling'),
];
