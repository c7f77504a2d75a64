import { ADMIN, ANYONE, rule } from '../common/base.rules.js';

export const availabilityZonesRules = [
  rule(
    'os_compute_api:os-availability-zone:detail',
    ADMIN,
    'List in detail availability zones.',
    'GET /os-availability-zone/detail',
  ),
  rule('os_compute_api:os-availability-zone:list', ANYONE, 'List availability zones.', 'GET /os-availability-zone'),
];
