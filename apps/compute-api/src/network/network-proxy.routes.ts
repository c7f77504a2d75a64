import { aboutThings, type Route, route } from '@kilonova/http';
import { ServerExtrasController } from '../server/server-extras.controller.js';
import { NetworkProxyController as Networks } from './network-proxy.controller.js';
import * as schemas from './network-proxy.schema.js';

const rule = (name: string): string => `os_compute_api:${name}`;
const until = { max: '2.35' } as const;

/** Gone since 2.36. */
export const networkProxyRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/os-floating-ips', ...until, policy: rule('os-floating-ips:list') }, Networks, 'floatingIps'),
  route(
    { method: 'POST', path: '/os-floating-ips', ...until, policy: rule('os-floating-ips:create') },
    Networks,
    'floatingIpPoolNotFound',
  ),
  route(
    { method: 'GET', path: '/os-floating-ips/:id', ...until, policy: rule('os-floating-ips:show') },
    Networks,
    'floatingIpNotFound',
  ),
  route(
    { method: 'DELETE', path: '/os-floating-ips/:id', ...until, policy: rule('os-floating-ips:delete') },
    Networks,
    'floatingIpNotFound',
  ),
  route(
    { method: 'GET', path: '/os-floating-ip-pools', ...until, policy: rule('os-floating-ip-pools') },
    Networks,
    'floatingIpPools',
  ),
  route({ method: 'GET', path: '/os-networks', ...until, policy: rule('os-networks:list') }, Networks, 'networks'),
  route({ method: 'GET', path: '/os-networks/:id', ...until, policy: rule('os-networks:show') }, Networks, 'networkNotFound'),
  route({ method: 'GET', path: '/os-tenant-networks', ...until, policy: rule('os-tenant-networks:list') }, Networks, 'networks'),
  route(
    { method: 'GET', path: '/os-tenant-networks/:id', ...until, policy: rule('os-tenant-networks:show') },
    Networks,
    'networkNotFound',
  ),
  route(
    { method: 'GET', path: '/os-security-groups', ...until, policy: rule('os-security-groups:get') },
    Networks,
    'securityGroups',
  ),
  route(
    {
      method: 'POST',
      path: '/os-security-groups',
      ...until,
      policy: rule('os-security-groups:create'),
      body: schemas.securityGroup,
    },
    Networks,
    'notSupported',
  ),
  route(
    { method: 'GET', path: '/os-security-groups/:id', ...until, policy: rule('os-security-groups:show') },
    Networks,
    'securityGroupNotFound',
  ),
  route(
    {
      method: 'PUT',
      path: '/os-security-groups/:id',
      ...until,
      policy: rule('os-security-groups:update'),
      body: schemas.securityGroup,
    },
    Networks,
    'securityGroupNotFound',
  ),
  route(
    { method: 'DELETE', path: '/os-security-groups/:id', ...until, policy: rule('os-security-groups:delete') },
    Networks,
    'securityGroupNotFound',
  ),
  route(
    {
      method: 'POST',
      path: '/os-security-group-rules',
      ...until,
      policy: rule('os-security-groups:rule:create'),
      body: schemas.securityGroupRule,
    },
    Networks,
    'securityGroupOfRuleNotFound',
  ),
  route(
    { method: 'DELETE', path: '/os-security-group-rules/:id', ...until, policy: rule('os-security-groups:rule:delete') },
    Networks,
    'securityGroupNotFound',
  ),
  ...aboutThings([
    route(
      {
        method: 'POST',
        path: '/servers/:id/action',
        action: 'addFloatingIp',
        max: '2.43',
        policy: rule('os-floating-ips:add'),
        body: schemas.addFloatingIp,
      },
      ServerExtrasController,
      'floatingIpNotFound',
    ),
    route(
      {
        method: 'POST',
        path: '/servers/:id/action',
        action: 'removeFloatingIp',
        max: '2.43',
        policy: rule('os-floating-ips:remove'),
        body: schemas.removeFloatingIp,
      },
      ServerExtrasController,
      'floatingIpNotFound',
    ),
  ]),
];
