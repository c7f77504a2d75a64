import { type Route, route } from '@kilonova/http';
import { noQuery } from '../common/parameter-types.js';
import { AggregateController } from './aggregate.controller.js';
import { addHost, cacheImages, createAggregate, removeHost, setMetadata, updateAggregate } from './aggregate.schema.js';

const rule = 'os_compute_api:os-aggregates';
const action = '/os-aggregates/:id/action';

export const aggregateRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/os-aggregates', policy: `${rule}:index`, query: noQuery }, AggregateController, 'index'),
  route(
    { method: 'POST', path: '/os-aggregates', policy: `${rule}:create`, body: createAggregate },
    AggregateController,
    'create',
  ),
  route({ method: 'GET', path: '/os-aggregates/:id', policy: `${rule}:show`, query: noQuery }, AggregateController, 'show'),
  route(
    { method: 'PUT', path: '/os-aggregates/:id', policy: `${rule}:update`, body: updateAggregate },
    AggregateController,
    'update',
  ),
  route({ method: 'DELETE', path: '/os-aggregates/:id', policy: `${rule}:delete` }, AggregateController, 'remove'),
  route(
    { method: 'POST', path: action, action: 'add_host', policy: `${rule}:add_host`, body: addHost },
    AggregateController,
    'addHost',
  ),
  route(
    { method: 'POST', path: action, action: 'remove_host', policy: `${rule}:remove_host`, body: removeHost },
    AggregateController,
    'removeHost',
  ),
  route(
    { method: 'POST', path: action, action: 'set_metadata', policy: `${rule}:set_metadata`, body: setMetadata },
    AggregateController,
    'setMetadata',
  ),
  route(
    { method: 'POST', path: '/os-aggregates/:id/images', min: '2.81', policy: 'compute:aggregates:images', body: cacheImages },
    AggregateController,
    'cacheImages',
  ),
];
