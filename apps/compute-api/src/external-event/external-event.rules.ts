import { rule, SERVICE } from '../common/base.rules.js';

export const externalEventRules = [
  rule(
    'os_compute_api:os-server-external-events:create',
    SERVICE,
    'Create events of other services.',
    'POST /os-server-external-events',
  ),
];
