import { ADMIN, READER, rule } from '../common/base.rules.js';

export const flavorsRules = [
  rule(
    'os_compute_api:os-flavor-access',
    ADMIN,
    'See which projects may use a private flavor.',
    'GET /flavors/{flavor_id}/os-flavor-access',
  ),
  rule(
    'os_compute_api:os-flavor-access:add_tenant_access',
    ADMIN,
    'Let a project use a private flavor.',
    'POST /flavors/{id}/action (addTenantAccess)',
  ),
  rule(
    'os_compute_api:os-flavor-access:remove_tenant_access',
    ADMIN,
    'Take a private flavor away from a project.',
    'POST /flavors/{id}/action (removeTenantAccess)',
  ),
  rule('os_compute_api:os-flavor-extra-specs:create', ADMIN, 'Create flavors.', 'POST /flavors/{flavor_id}/os-extra_specs'),
  rule(
    'os_compute_api:os-flavor-extra-specs:delete',
    ADMIN,
    'Delete flavors.',
    'DELETE /flavors/{flavor_id}/os-extra_specs/{id}',
  ),
  rule(
    'os_compute_api:os-flavor-extra-specs:index',
    READER,
    'List flavors.',
    'POST /flavors',
    'GET /flavors/detail',
    'GET /flavors/{id}',
    'PUT /flavors/{id}',
    'GET /flavors/{flavor_id}/os-extra_specs',
  ),
  rule('os_compute_api:os-flavor-extra-specs:show', READER, 'Show flavors.', 'GET /flavors/{flavor_id}/os-extra_specs/{id}'),
  rule('os_compute_api:os-flavor-extra-specs:update', ADMIN, 'Change flavors.', 'PUT /flavors/{flavor_id}/os-extra_specs/{id}'),
  rule('os_compute_api:os-flavor-manage:create', ADMIN, 'Create a flavor.', 'POST /flavors'),
  rule('os_compute_api:os-flavor-manage:delete', ADMIN, 'Delete a flavor.', 'DELETE /flavors/{id}'),
  rule('os_compute_api:os-flavor-manage:update', ADMIN, 'Describe a flavor.', 'PUT /flavors/{id}'),
];
