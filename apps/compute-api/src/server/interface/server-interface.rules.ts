import { ADMIN, MEMBER, READER, rule } from '../../common/base.rules.js';

export const serverInterfaceRules = [
  rule(
    'network:attach_external_network',
    ADMIN,
    'Connect a server with an external network.',
    'POST /servers',
    'POST /servers/{server_id}/os-interface',
  ),
  rule(
    'os_compute_api:os-attach-interfaces:create',
    MEMBER,
    'Create interfaces of a server.',
    'POST /servers/{server_id}/os-interface',
  ),
  rule(
    'os_compute_api:os-attach-interfaces:delete',
    MEMBER,
    'Delete interfaces of a server.',
    'DELETE /servers/{server_id}/os-interface/{id}',
  ),
  rule(
    'os_compute_api:os-attach-interfaces:list',
    READER,
    'List interfaces of a server.',
    'GET /servers/{server_id}/os-interface',
  ),
  rule(
    'os_compute_api:os-attach-interfaces:show',
    READER,
    'Show interfaces of a server.',
    'GET /servers/{server_id}/os-interface/{id}',
  ),
];
