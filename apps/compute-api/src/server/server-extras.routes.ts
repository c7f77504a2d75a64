import { aboutThings, type Route, route } from '@kilonova/http';
import { ServerExtrasController } from './server-extras.controller.js';
import * as schemas from './server-extras.schema.js';

const rule = (name: string): string => `os_compute_api:${name}`;
const of = (part: string): string => `/servers/:id/${part}`;

/** Parts of a server that belong to services outside this one. */
export const serverExtrasRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: of('ips'), policy: rule('ips:index') }, ServerExtrasController, 'addresses'),
  route({ method: 'GET', path: of('ips/:network'), policy: rule('ips:show') }, ServerExtrasController, 'addressesOfNetwork'),
  route(
    { method: 'GET', path: of('os-interface'), policy: rule('os-attach-interfaces:list') },
    ServerExtrasController,
    'interfaces',
  ),
  route(
    { method: 'GET', path: of('os-interface/:port'), policy: rule('os-attach-interfaces:show') },
    ServerExtrasController,
    'interfaceNotFound',
  ),
  route(
    { method: 'DELETE', path: of('os-interface/:port'), policy: rule('os-attach-interfaces:delete') },
    ServerExtrasController,
    'interfaceNotFound',
  ),
  route(
    { method: 'GET', path: of('os-volume_attachments'), policy: rule('os-volumes-attachments:index') },
    ServerExtrasController,
    'volumes',
  ),
  route(
    { method: 'GET', path: of('os-volume_attachments/:volume'), policy: rule('os-volumes-attachments:show') },
    ServerExtrasController,
    'volumeNotFound',
  ),
  route(
    { method: 'DELETE', path: of('os-volume_attachments/:volume'), policy: rule('os-volumes-attachments:delete') },
    ServerExtrasController,
    'volumeNotFound',
  ),
  route(
    { method: 'GET', path: of('os-security-groups'), policy: rule('os-security-groups:list') },
    ServerExtrasController,
    'securityGroups',
  ),
  route(
    { method: 'GET', path: of('os-server-password'), policy: rule('os-server-password:show') },
    ServerExtrasController,
    'password',
  ),
  route(
    { method: 'DELETE', path: of('os-server-password'), policy: rule('os-server-password:clear') },
    ServerExtrasController,
    'clearPassword',
  ),
  route(
    { method: 'GET', path: of('topology'), min: '2.78', policy: 'compute:server:topology:index' },
    ServerExtrasController,
    'topology',
  ),
  route(
    { method: 'POST', path: of('os-interface'), policy: rule('os-attach-interfaces:create'), body: schemas.attachInterface },
    ServerExtrasController,
    'attachInterface',
  ),
  route(
    {
      method: 'POST',
      path: of('os-volume_attachments'),
      policy: rule('os-volumes-attachments:create'),
      body: schemas.attachVolume,
    },
    ServerExtrasController,
    'attachVolume',
  ),
  route(
    { method: 'GET', path: of('migrations'), min: '2.23', policy: rule('servers:migrations:index') },
    ServerExtrasController,
    'migrations',
  ),
  route(
    { method: 'GET', path: of('migrations/:migration'), min: '2.23', policy: rule('servers:migrations:show') },
    ServerExtrasController,
    'migrationNotFound',
  ),
  route(
    { method: 'DELETE', path: of('migrations/:migration'), min: '2.24', policy: rule('servers:migrations:delete') },
    ServerExtrasController,
    'migrationNotFound',
  ),
  route(
    { method: 'POST', path: of('remote-consoles'), min: '2.6', policy: rule('os-remote-consoles'), body: schemas.remoteConsole },
    ServerExtrasController,
    'console',
  ),
]);
