import { type Route, route } from '@kilonova/http';
import { BareMetalController } from './bare-metal.controller.js';

const path = '/os-baremetal-nodes';
const one = `${path}/:id`;
const max = '2.35';
const rule = (name: string): string => `os_compute_api:os-baremetal-nodes:${name}`;
const onNode = (action: string) => ({ method: 'POST', path: `${one}/action`, action, max }) as const;

/** Gone since 2.36. */
export const bareMetalRoutes: readonly Route[] = [
  route({ method: 'GET', path, max, policy: rule('list') }, BareMetalController, 'list'),
  route({ method: 'POST', path, max }, BareMetalController, 'create'),
  route({ method: 'GET', path: one, max, policy: rule('show') }, BareMetalController, 'list'),
  route({ method: 'DELETE', path: one, max }, BareMetalController, 'remove'),
  route(onNode('add_interface'), BareMetalController, 'addInterface'),
  route(onNode('remove_interface'), BareMetalController, 'removeInterface'),
];
