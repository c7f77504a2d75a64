import { type Route, route } from '@kilonova/http';
import { ExtensionController } from '../extension.controller.js';
import { noQuery } from '../schemas/parameter-types.js';

const policy = 'os_compute_api:extensions';

export const extensionRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/extensions', policy, query: noQuery }, ExtensionController, 'index'),
  route({ method: 'GET', path: '/extensions/:id', policy, query: noQuery }, ExtensionController, 'show'),
];
