import { MEMBER, READER, rule } from '../../common/base.rules.js';

export const serverMetadataRules = [
  rule('os_compute_api:server-metadata:create', MEMBER, 'Create metadata of a server.', 'POST /servers/{server_id}/metadata'),
  rule(
    'os_compute_api:server-metadata:delete',
    MEMBER,
    'Delete metadata of a server.',
    'DELETE /servers/{server_id}/metadata/{id}',
  ),
  rule('os_compute_api:server-metadata:index', READER, 'List metadata of a server.', 'GET /servers/{server_id}/metadata'),
  rule('os_compute_api:server-metadata:show', READER, 'Show metadata of a server.', 'GET /servers/{server_id}/metadata/{id}'),
  rule('os_compute_api:server-metadata:update', MEMBER, 'Change metadata of a server.', 'PUT /servers/{server_id}/metadata/{id}'),
  rule(
    'os_compute_api:server-metadata:update_all',
    MEMBER,
    'Replace all metadata of a server.',
    'PUT /servers/{server_id}/metadata',
  ),
];
