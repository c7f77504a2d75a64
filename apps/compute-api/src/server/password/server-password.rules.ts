import { MEMBER, READER, rule } from '../../common/base.rules.js';

export const serverPasswordRules = [
  rule(
    'os_compute_api:os-server-password:clear',
    MEMBER,
    'Clear the password of a server.',
    'DELETE /servers/{server_id}/os-server-password',
  ),
  rule(
    'os_compute_api:os-server-password:show',
    READER,
    'Show the password of a server.',
    'GET /servers/{server_id}/os-server-password',
  ),
];
