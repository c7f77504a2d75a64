import { aboutThings, type Route, route } from '@kilonova/http';
import { InstanceActionController } from './instance-action/instance-action.controller.js';
import * as actionSchemas from './instance-action/instance-action.schema.js';
import { ServerMetadataController } from './metadata/server-metadata.controller.js';
import * as metadataSchemas from './metadata/server-metadata.schema.js';
import { SchedulingController } from './scheduling/scheduling.controller.js';
import { ServerTagsController } from './tags/server-tags.controller.js';
import * as tagSchemas from './tags/server-tags.schema.js';

const metadata = (name: string): string => `os_compute_api:server-metadata:${name}`;
const tags = (name: string): string => `os_compute_api:os-server-tags:${name}`;
const actions = (name: string): string => `os_compute_api:os-instance-actions:${name}`;
const METADATA = '/servers/:id/metadata';
const TAGS = '/servers/:id/tags';
const SINCE = '2.26';

/** What a server has of its own: metadata, tags, the record of what was asked of it. */
export const serverPartRoutes: readonly Route[] = aboutThings([
  route({ method: 'GET', path: METADATA, policy: metadata('index') }, ServerMetadataController, 'index'),
  route(
    { method: 'POST', path: METADATA, policy: metadata('create'), body: metadataSchemas.manyMetadata },
    ServerMetadataController,
    'create',
  ),
  route(
    { method: 'PUT', path: METADATA, policy: metadata('update_all'), body: metadataSchemas.manyMetadata },
    ServerMetadataController,
    'updateAll',
  ),
  route({ method: 'GET', path: `${METADATA}/:key`, policy: metadata('show') }, ServerMetadataController, 'show'),
  route(
    { method: 'PUT', path: `${METADATA}/:key`, policy: metadata('update'), body: metadataSchemas.oneMetadata },
    ServerMetadataController,
    'update',
  ),
  route({ method: 'DELETE', path: `${METADATA}/:key`, policy: metadata('delete') }, ServerMetadataController, 'delete'),

  route({ method: 'GET', path: TAGS, min: SINCE, policy: tags('index') }, ServerTagsController, 'index'),
  route(
    { method: 'PUT', path: TAGS, min: SINCE, policy: tags('update_all'), body: tagSchemas.updateTags },
    ServerTagsController,
    'updateAll',
  ),
  route({ method: 'DELETE', path: TAGS, min: SINCE, policy: tags('delete_all') }, ServerTagsController, 'deleteAll'),
  route({ method: 'GET', path: `${TAGS}/:tag`, min: SINCE, policy: tags('show') }, ServerTagsController, 'show'),
  route({ method: 'PUT', path: `${TAGS}/:tag`, min: SINCE, policy: tags('update') }, ServerTagsController, 'update'),
  route({ method: 'DELETE', path: `${TAGS}/:tag`, min: SINCE, policy: tags('delete') }, ServerTagsController, 'delete'),

  route(
    { method: 'GET', path: '/servers/:id/os-instance-actions', policy: actions('list'), query: actionSchemas.listActions },
    InstanceActionController,
    'index',
  ),
  route(
    { method: 'GET', path: '/servers/:id/os-instance-actions/:request_id', policy: actions('show') },
    InstanceActionController,
    'show',
  ),
  route(
    { method: 'GET', path: '/servers/:id/scheduling', policy: 'kilonova:servers:scheduling:show' },
    SchedulingController,
    'show',
  ),
]);
