import { aboutThings, type Route, route } from '@kilonova/http';
import { ServerController } from '../server.controller.js';
import { ServerExtrasController } from '../server-extras.controller.js';
import * as extras from '../server-extras.schema.js';
import { ServerActionController } from './server-action.controller.js';
import * as schemas from './server-action.schema.js';

const rule = (name: string): string => `os_compute_api:${name}`;
const post = { method: 'POST', path: '/servers/:id/action' } as const;
const CONSOLES = rule('os-remote-consoles');

/** POST /servers/{id}/action: one row an action. */
export const serverActionRoutes: readonly Route[] = aboutThings([
  route({ ...post, action: 'os-start', policy: rule('servers:start'), body: schemas.start }, ServerActionController, 'start'),
  route({ ...post, action: 'os-stop', policy: rule('servers:stop'), body: schemas.stop }, ServerActionController, 'stop'),
  route({ ...post, action: 'lock', policy: rule('os-lock-server:lock'), body: schemas.lock }, ServerActionController, 'lock'),
  route(
    { ...post, action: 'unlock', policy: rule('os-lock-server:unlock'), body: schemas.unlock },
    ServerActionController,
    'unlock',
  ),
  route(
    { ...post, action: 'os-resetState', policy: rule('os-admin-actions:reset_state'), body: schemas.resetState },
    ServerActionController,
    'resetState',
  ),
  route(
    { ...post, action: 'forceDelete', policy: rule('os-deferred-delete:force'), body: schemas.forceDelete },
    ServerController,
    'forceDelete',
  ),
  route(
    { ...post, action: 'restore', policy: rule('os-deferred-delete:restore'), body: schemas.restore },
    ServerActionController,
    'restore',
  ),
  route(
    { ...post, action: 'addSecurityGroup', policy: rule('os-security-groups:add'), body: extras.addSecurityGroup },
    ServerExtrasController,
    'securityGroupNotFound',
  ),
  route(
    { ...post, action: 'removeSecurityGroup', policy: rule('os-security-groups:remove'), body: extras.removeSecurityGroup },
    ServerExtrasController,
    'securityGroupNotFound',
  ),
  route(
    { ...post, action: 'os-getVNCConsole', max: '2.5', policy: CONSOLES, body: extras.vncConsole },
    ServerExtrasController,
    'console',
  ),
  route(
    { ...post, action: 'os-getSPICEConsole', max: '2.5', policy: CONSOLES, body: extras.spiceConsole },
    ServerExtrasController,
    'console',
  ),
  route(
    { ...post, action: 'os-getSerialConsole', max: '2.5', policy: CONSOLES, body: extras.serialConsole },
    ServerExtrasController,
    'console',
  ),
]);
