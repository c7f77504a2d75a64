import { aboutThings, type Route, route } from '@kilonova/http';
import { onServer } from '../on-server.js';
import { DeleteController } from './delete.controller.js';
import { forceDelete } from './delete.schema.js';

/** DELETE /servers/{id} stands with the other rows of its URL. */
export const deleteRow: Route = route(
  { method: 'DELETE', path: '/servers/:id', policy: 'os_compute_api:servers:delete' },
  DeleteController,
  'delete',
);

export const deleteRoutes: readonly Route[] = aboutThings([
  route(
    { ...onServer('forceDelete'), policy: 'os_compute_api:os-deferred-delete:force', body: forceDelete },
    DeleteController,
    'forceDelete',
  ),
]);
