import { MEMBER, rule } from '../../../common/base.rules.js';

/** Kilonova's own: a server's backups go, without another one. */
export const purgeBackupsRules = [
  rule('kilonova:servers:purge_backups', MEMBER, 'Delete backups of a server.', 'POST /servers/{id}/action (purgeBackups)'),
];
