import { ADMIN, MEMBER, READER, rule } from '../common/base.rules.js';

export const serverGroupsRules = [
  rule('os_compute_api:os-server-groups:create', MEMBER, 'Create server groups.', 'POST /os-server-groups'),
  rule('os_compute_api:os-server-groups:delete', MEMBER, 'Delete server groups.', 'DELETE /os-server-groups/{id}'),
  rule('os_compute_api:os-server-groups:index', READER, 'List server groups.', 'GET /os-server-groups'),
  rule(
    'os_compute_api:os-server-groups:index:all_projects',
    ADMIN,
    'List the server groups of all projects.',
    'GET /os-server-groups',
  ),
  rule('os_compute_api:os-server-groups:show', READER, 'Show server groups.', 'GET /os-server-groups/{id}'),
];
