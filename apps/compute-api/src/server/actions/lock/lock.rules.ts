import { ADMIN, MEMBER, rule } from '../../../common/base.rules.js';

export const lockRules = [
  rule('os_compute_api:os-lock-server:lock', MEMBER, 'Do `lock` with a server.', 'POST /servers/{id}/action (lock)'),
  rule('os_compute_api:os-lock-server:unlock', MEMBER, 'Do `unlock` with a server.', 'POST /servers/{id}/action (unlock)'),
  rule(
    'os_compute_api:os-lock-server:unlock:unlock_override',
    ADMIN,
    'Unlock a server that somebody else locked.',
    'POST /servers/{id}/action (unlock)',
  ),
];
