import { type Route, route } from '@kilonova/http';
import { SnapshotController } from './snapshot.controller.js';
import { VolumeController } from './volume.controller.js';
import { createSnapshot, createVolume, listPartQuery } from './volume.schema.js';

const max = '2.35';
const policy = (name: string): string => `os_compute_api:os-volumes:${name}`;
const list = { method: 'GET', max, dear: true, query: listPartQuery } as const;
const volumes = VolumeController;
const snapshots = SnapshotController;

/** The proxy to the volume service; gone since 2.36. */
export const volumeRoutes: readonly Route[] = [
  route({ ...list, path: '/os-volumes', policy: policy('list') }, volumes, 'index'),
  route({ method: 'POST', path: '/os-volumes', max, policy: policy('create'), body: createVolume }, volumes, 'create'),
  route({ ...list, path: '/os-volumes/detail', policy: policy('detail') }, volumes, 'index'),
  route({ method: 'GET', path: '/os-volumes/:id', max, policy: policy('show') }, volumes, 'show'),
  route({ method: 'DELETE', path: '/os-volumes/:id', max, policy: policy('delete') }, volumes, 'delete'),
  route({ ...list, path: '/os-snapshots', policy: policy('snapshots:list') }, snapshots, 'index'),
  route(
    { method: 'POST', path: '/os-snapshots', max, policy: policy('snapshots:create'), body: createSnapshot },
    snapshots,
    'create',
  ),
  route({ ...list, path: '/os-snapshots/detail', policy: policy('snapshots:detail') }, snapshots, 'index'),
  route({ method: 'GET', path: '/os-snapshots/:id', max, policy: policy('snapshots:show') }, snapshots, 'show'),
  route({ method: 'DELETE', path: '/os-snapshots/:id', max, policy: policy('snapshots:delete') }, snapshots, 'delete'),
];
