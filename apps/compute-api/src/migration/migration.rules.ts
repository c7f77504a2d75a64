import { ADMIN, MANAGER, rule } from '../common/base.rules.js';

export const migrationsRules = [
  rule('os_compute_api:os-migrations:index', MANAGER, 'List migrations.', 'GET /os-migrations'),
  rule('os_compute_api:os-migrations:index:all_projects', ADMIN, 'List the migrations of all projects.', 'GET /os-migrations'),
  rule('os_compute_api:os-migrations:index:host', ADMIN, 'See the hosts of migrations.', 'GET /os-migrations'),
  rule(
    'os_compute_api:servers:migrations:delete',
    MANAGER,
    'Delete migrations of a server.',
    'DELETE /servers/{server_id}/migrations/{id}',
  ),
  rule(
    'os_compute_api:servers:migrations:force_complete',
    MANAGER,
    'Force complete migrations of a server.',
    'POST /servers/{server_id}/migrations/{id}/action (force_complete)',
  ),
  rule('os_compute_api:servers:migrations:index', MANAGER, 'List migrations of a server.', 'GET /servers/{server_id}/migrations'),
  rule(
    'os_compute_api:servers:migrations:index:host',
    ADMIN,
    "See the hosts of a server's migrations.",
    'GET /servers/{server_id}/migrations',
  ),
  rule(
    'os_compute_api:servers:migrations:show',
    ADMIN,
    'Show migrations of a server.',
    'GET /servers/{server_id}/migrations/{id}',
  ),
];
