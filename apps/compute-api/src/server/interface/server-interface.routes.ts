import { aboutThings, type Route, route } from '@kilonova/http';

import { ServerInterfaceController } from './server-interface.controller.js';
import { attachInterface } from './server-interface.schema.js';

const rule = (name: string): string => `os_compute_api:os-attach-interfaces:${name}`;
const PATH = '/servers/:id/os-interface';

export const serverInterfaceRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: PATH, policy: rule('list') }, ServerInterfaceController, 'index'),
  route({ method: 'GET', path: `${PATH}/:port`, policy: rule('show') }, ServerInterfaceController, 'show'),
  route({ method: 'DELETE', path: `${PATH}/:port`, policy: rule('delete') }, ServerInterfaceController, 'detach'),
  route({ method: 'POST', path: PATH, policy: rule('create'), body: attachInterface }, ServerInterfaceController, 'attach'),
]);
