import { OWNER, rule } from '../common/base.rules.js';

export const keyPairsRules = [
  rule('os_compute_api:os-keypairs:create', OWNER, 'Create key pairs.', 'POST /os-keypairs'),
  rule('os_compute_api:os-keypairs:delete', OWNER, 'Delete key pairs.', 'DELETE /os-keypairs/{id}'),
  rule('os_compute_api:os-keypairs:index', OWNER, 'List key pairs.', 'GET /os-keypairs'),
  rule('os_compute_api:os-keypairs:show', OWNER, 'Show key pairs.', 'GET /os-keypairs/{id}'),
];
