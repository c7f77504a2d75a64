import { MEMBER, rule } from '../../../common/base.rules.js';

export const deleteRules = [
  rule(
    'os_compute_api:os-deferred-delete:force',
    MEMBER,
    'Do `forceDelete` with a server.',
    'POST /servers/{id}/action (forceDelete)',
  ),
  rule('os_compute_api:os-deferred-delete:restore', MEMBER, 'Do `restore` with a server.', 'POST /servers/{id}/action (restore)'),
];
