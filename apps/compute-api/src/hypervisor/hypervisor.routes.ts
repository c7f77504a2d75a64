import { type Route, route } from '@kilonova/http';
import { HypervisorController } from './hypervisor.controller.js';
import { listHypervisors, showHypervisor } from './hypervisor.schema.js';

const rule = 'os_compute_api:os-hypervisors';

export const hypervisorRoutes: readonly Route[] = [
  route(
    { method: 'GET', path: '/os-hypervisors', policy: `${rule}:list`, query: listHypervisors },
    HypervisorController,
    'index',
  ),
  route(
    { method: 'GET', path: '/os-hypervisors/detail', policy: `${rule}:list-detail`, query: listHypervisors },
    HypervisorController,
    'detail',
  ),
  route(
    { method: 'GET', path: '/os-hypervisors/statistics', max: '2.87', policy: `${rule}:statistics` },
    HypervisorController,
    'statistics',
  ),
  route(
    { method: 'GET', path: '/os-hypervisors/:id', policy: `${rule}:show`, query: showHypervisor },
    HypervisorController,
    'show',
  ),
  route(
    { method: 'GET', path: '/os-hypervisors/:id/uptime', max: '2.87', policy: `${rule}:uptime` },
    HypervisorController,
    'uptime',
  ),
  route(
    { method: 'GET', path: '/os-hypervisors/:id/search', max: '2.52', policy: `${rule}:search` },
    HypervisorController,
    'search',
  ),
  route(
    { method: 'GET', path: '/os-hypervisors/:id/servers', max: '2.52', policy: `${rule}:servers` },
    HypervisorController,
    'servers',
  ),
];
