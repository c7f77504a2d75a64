import { type Route, route } from '@kilonova/http';
import { AssistedSnapshotController } from './assisted-snapshot.controller.js';
import { assistedSnapshot, deleteInfoQuery } from './assisted-snapshot.schema.js';

const PATH = '/os-assisted-volume-snapshots';
const policy = (name: string): string => `os_compute_api:os-assisted-volume-snapshots:${name}`;

export const assistedSnapshotRoutes: readonly Route[] = [
  route({ method: 'POST', path: PATH, policy: policy('create'), body: assistedSnapshot }, AssistedSnapshotController, 'create'),
  route(
    { method: 'DELETE', path: `${PATH}/:id`, policy: policy('delete'), query: deleteInfoQuery },
    AssistedSnapshotController,
    'delete',
  ),
];
