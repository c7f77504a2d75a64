import { MEMBER, READER, rule, SERVICE } from '../common/base.rules.js';

export const volumeRules = [
  rule(
    'os_compute_api:os-assisted-volume-snapshots:create',
    SERVICE,
    'Create assisted snapshots.',
    'POST /os-assisted-volume-snapshots',
  ),
  rule(
    'os_compute_api:os-assisted-volume-snapshots:delete',
    SERVICE,
    'Delete assisted snapshots.',
    'DELETE /os-assisted-volume-snapshots/{id}',
  ),
  rule('os_compute_api:os-volumes:create', MEMBER, 'Create volumes.', 'POST /os-volumes'),
  rule('os_compute_api:os-volumes:delete', MEMBER, 'Delete volumes.', 'DELETE /os-volumes/{id}'),
  rule('os_compute_api:os-volumes:detail', READER, 'List in detail volumes.', 'GET /os-volumes/detail'),
  rule('os_compute_api:os-volumes:list', READER, 'List volumes.', 'GET /os-volumes'),
  rule('os_compute_api:os-volumes:show', READER, 'Show volumes.', 'GET /os-volumes/{id}'),
  rule('os_compute_api:os-volumes:snapshots:create', MEMBER, 'Create snapshots.', 'POST /os-snapshots'),
  rule('os_compute_api:os-volumes:snapshots:delete', MEMBER, 'Delete snapshots.', 'DELETE /os-snapshots/{id}'),
  rule('os_compute_api:os-volumes:snapshots:detail', READER, 'List in detail snapshots.', 'GET /os-snapshots/detail'),
  rule('os_compute_api:os-volumes:snapshots:list', READER, 'List snapshots.', 'GET /os-snapshots'),
  rule('os_compute_api:os-volumes:snapshots:show', READER, 'Show snapshots.', 'GET /os-snapshots/{id}'),
];
