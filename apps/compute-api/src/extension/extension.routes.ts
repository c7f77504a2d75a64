import { type Route, route } from '@kilonova/http';
import { noQuery } from '../common/parameter-types.js';
import { ExtensionController } from './extension.controller.js';

const policy = 'os_compute_api:extensions';

export const extensionRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/extensions', policy, query: noQuery }, ExtensionController, 'index'),
  route({ method: 'GET', path: '/extensions/:id', policy, query: noQuery }, ExtensionController, 'show'),
];
