import { aboutThings, type Route, route } from '@kilonova/http';
import { InstanceActionController } from './instance-action.controller.js';
import { listActions } from './instance-action.schema.js';

const rule = (name: string): string => `os_compute_api:os-instance-actions:${name}`;
const PATH = '/servers/:id/os-instance-actions';

export const instanceActionRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: PATH, policy: rule('list'), query: listActions }, InstanceActionController, 'index'),
  route({ method: 'GET', path: `${PATH}/:request_id`, policy: rule('show') }, InstanceActionController, 'show'),
]);
