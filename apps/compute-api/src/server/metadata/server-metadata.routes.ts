import { aboutThings, type Route, route } from '@kilonova/http';
import { ServerMetadataController } from './server-metadata.controller.js';
import { manyMetadata, oneMetadata } from './server-metadata.schema.js';

const rule = (name: string): string => `os_compute_api:server-metadata:${name}`;
const ALL = '/servers/:id/metadata';
const ONE = '/servers/:id/metadata/:key';

export const serverMetadataRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: ALL, policy: rule('index') }, ServerMetadataController, 'index'),
  route({ method: 'POST', path: ALL, policy: rule('create'), body: manyMetadata }, ServerMetadataController, 'create'),
  route({ method: 'PUT', path: ALL, policy: rule('update_all'), body: manyMetadata }, ServerMetadataController, 'updateAll'),
  route({ method: 'GET', path: ONE, policy: rule('show') }, ServerMetadataController, 'show'),
  route({ method: 'PUT', path: ONE, policy: rule('update'), body: oneMetadata }, ServerMetadataController, 'update'),
  route({ method: 'DELETE', path: ONE, policy: rule('delete') }, ServerMetadataController, 'delete'),
]);
