import { aboutThings, type Route, route } from '@kilonova/http';
import { ServerTagsController } from './server-tags.controller.js';
import { updateTags } from './server-tags.schema.js';

const rule = (name: string): string => `os_compute_api:os-server-tags:${name}`;
const ALL = '/servers/:id/tags';
const ONE = '/servers/:id/tags/:tag';
const min = '2.26';

export const serverTagsRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: ALL, min, policy: rule('index') }, ServerTagsController, 'index'),
  route({ method: 'PUT', path: ALL, min, policy: rule('update_all'), body: updateTags }, ServerTagsController, 'updateAll'),
  route({ method: 'DELETE', path: ALL, min, policy: rule('delete_all') }, ServerTagsController, 'deleteAll'),
  route({ method: 'GET', path: ONE, min, policy: rule('show') }, ServerTagsController, 'show'),
  route({ method: 'PUT', path: ONE, min, policy: rule('update') }, ServerTagsController, 'update'),
  route({ method: 'DELETE', path: ONE, min, policy: rule('delete') }, ServerTagsController, 'delete'),
]);
