import { MEMBER, READER, rule } from '../../common/base.rules.js';

export const serverShareRules = [
  rule('os_compute_api:os-server-shares:create', MEMBER, 'Create shares of a server.', 'POST /servers/{server_id}/shares'),
  rule('os_compute_api:os-server-shares:delete', MEMBER, 'Delete shares of a server.', 'DELETE /servers/{server_id}/shares/{id}'),
  rule('os_compute_api:os-server-shares:index', READER, 'List shares of a server.', 'GET /servers/{server_id}/shares'),
  rule('os_compute_api:os-server-shares:show', READER, 'Show shares of a server.', 'GET /servers/{server_id}/shares/{id}'),
];
