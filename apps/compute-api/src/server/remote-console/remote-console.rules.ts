import { ADMIN, MEMBER, rule } from '../../common/base.rules.js';

export const remoteConsoleRules = [
  rule('os_compute_api:os-console-auth-tokens', ADMIN, 'See what a console token opens.', 'GET /os-console-auth-tokens/{id}'),
  rule(
    'os_compute_api:os-remote-consoles',
    MEMBER,
    'Do `os-getSPICEConsole` with a server.',
    'POST /servers/{id}/action (os-getSPICEConsole)',
    'POST /servers/{id}/action (os-getSerialConsole)',
    'POST /servers/{id}/action (os-getVNCConsole)',
    'POST /servers/{server_id}/remote-consoles',
  ),
];
