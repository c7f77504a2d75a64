import { ADMIN, ANYONE, rule } from '../common/base.rules.js';

export const limitsRules = [
  rule('os_compute_api:limits', ANYONE, 'See the limits of the own project.', 'GET /limits'),
  rule('os_compute_api:limits:other_project', ADMIN, 'See the limits of another project.', 'GET /limits'),
];
