import { ADMIN, rule } from '../../common/base.rules.js';

export const HOSTS_OF_TRIALS = 'kilonova:servers:dry_run:hosts';

/** Kilonova's own: what a dry run tells. Who may ask for one is who may do what it tries. */
export const trialRules = [
  rule(
    HOSTS_OF_TRIALS,
    ADMIN,
    'See which hosts a dry run would take, and why others were refused.',
    'POST /servers',
    'POST /servers/{id}/action (resize)',
    'POST /servers/{id}/action (migrate)',
    'POST /servers/{id}/action (evacuate)',
    'POST /servers/{id}/action (os-migrateLive)',
    'POST /servers/{id}/action (unshelve)',
  ),
];
