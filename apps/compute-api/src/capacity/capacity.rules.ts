import { ADMIN, rule } from '../common/base.rules.js';

/** Kilonova's own: how many more servers fit. */
export const capacityRules = [
  rule('kilonova:capacity:show', ADMIN, 'See how many more servers of a flavor fit, and on which hosts.', 'GET /os-capacity'),
];
