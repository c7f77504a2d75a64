import { type Route, route } from '@kilonova/http';
import { GoneController } from './gone.controller.js';

/** Resources that answer 410 to every method. Source: the published list of removed APIs. */
const GONE = [
  '/os-agents',
  '/os-cells',
  '/os-cells/capacities',
  '/os-cells/detail',
  '/os-cells/info',
  '/os-cells/sync_instances',
  '/os-certificates',
  '/os-cloudpipe',
  '/os-fixed-ips/:id',
  '/os-floating-ip-dns',
  '/os-floating-ips-bulk',
  '/os-fping',
  '/os-security-group-default-rules',
  '/servers/:id/consoles',
  '/servers/:id/os-virtual-interfaces',
];
const WITH_ITEMS = [
  '/os-agents',
  '/os-cells',
  '/os-certificates',
  '/os-cloudpipe',
  '/os-floating-ip-dns',
  '/os-floating-ips-bulk',
  '/os-fping',
  '/os-security-group-default-rules',
  '/servers/:id/consoles',
];

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;
const every = (path: string): Route[] => METHODS.map((method) => route({ method, path }, GoneController, 'gone'));
const action = (path: string, name: string): Route => route({ method: 'POST', path, action: name }, GoneController, 'gone');

export const goneRoutes: readonly Route[] = [
  ...GONE.flatMap(every),
  ...WITH_ITEMS.flatMap((path) => every(`${path}/:item`)),
  ...['/os-networks', '/os-tenant-networks'].flatMap((path) => [
    route({ method: 'POST', path }, GoneController, 'gone'),
    route({ method: 'DELETE', path: `${path}/:id` }, GoneController, 'gone'),
  ]),
  ...['associate_host', 'disassociate', 'disassociate_host', 'disassociate_project'].map((name) =>
    action('/os-networks/:id/action', name),
  ),
  ...['reserve', 'unreserve'].map((name) => action('/os-fixed-ips/:id/action', name)),
  ...['os-getRDPConsole', 'resetNetwork'].map((name) => action('/servers/:id/action', name)),
];
