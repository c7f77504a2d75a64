import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../actions/on-server.js';
import { ServerSecurityGroupController } from './server-security-group.controller.js';
import { addSecurityGroup, removeSecurityGroup } from './server-security-group.schema.js';

const rule = (name: string): string => `os_compute_api:os-security-groups:${name}`;

export const serverSecurityGroupRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: '/servers/:id/os-security-groups', policy: rule('list') }, ServerSecurityGroupController, 'index'),
  route({ ...onServer('addSecurityGroup'), policy: rule('add'), body: addSecurityGroup }, ServerSecurityGroupController, 'add'),
  route(
    { ...onServer('removeSecurityGroup'), policy: rule('remove'), body: removeSecurityGroup },
    ServerSecurityGroupController,
    'remove',
  ),
]);
