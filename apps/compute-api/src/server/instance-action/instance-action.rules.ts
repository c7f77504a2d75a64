import { ADMIN, READER, rule } from '../../common/base.rules.js';

export const instanceActionsRules = [
  rule(
    'os_compute_api:os-instance-actions:events',
    ADMIN,
    'See the tracebacks of events.',
    'GET /servers/{server_id}/os-instance-actions/{id}',
  ),
  rule(
    'os_compute_api:os-instance-actions:events:details',
    ADMIN,
    'See what went wrong in an event.',
    'GET /servers/{server_id}/os-instance-actions/{id}',
  ),
  rule(
    'os_compute_api:os-instance-actions:list',
    READER,
    'List actions of a server.',
    'GET /servers/{server_id}/os-instance-actions',
  ),
  rule(
    'os_compute_api:os-instance-actions:show',
    READER,
    'Show actions of a server.',
    'GET /servers/{server_id}/os-instance-actions/{id}',
  ),
];
