import { ADMIN, rule } from '../common/base.rules.js';

export const aggregatesRules = [
  rule('compute:aggregates:images', ADMIN, 'Have images cached on the hosts of an aggregate.', 'POST /os-aggregates/{id}/images'),
  rule('os_compute_api:os-aggregates:add_host', ADMIN, 'Add host aggregates.', 'POST /os-aggregates/{id}/action (add_host)'),
  rule('os_compute_api:os-aggregates:create', ADMIN, 'Create aggregates.', 'POST /os-aggregates'),
  rule('os_compute_api:os-aggregates:delete', ADMIN, 'Delete aggregates.', 'DELETE /os-aggregates/{id}'),
  rule('os_compute_api:os-aggregates:index', ADMIN, 'List aggregates.', 'GET /os-aggregates'),
  rule(
    'os_compute_api:os-aggregates:remove_host',
    ADMIN,
    'Remove host aggregates.',
    'POST /os-aggregates/{id}/action (remove_host)',
  ),
  rule(
    'os_compute_api:os-aggregates:set_metadata',
    ADMIN,
    'Set metadata aggregates.',
    'POST /os-aggregates/{id}/action (set_metadata)',
  ),
  rule('os_compute_api:os-aggregates:show', ADMIN, 'Show aggregates.', 'GET /os-aggregates/{id}'),
  rule('os_compute_api:os-aggregates:update', ADMIN, 'Change aggregates.', 'PUT /os-aggregates/{id}'),
];
