import { type Route, route } from '@kilonova/http';
import { noQuery } from '../common/parameter-types.js';
import { FlavorController } from './flavor.controller.js';
import {
  addTenantAccess,
  createFlavor,
  createSpecs,
  listFlavors,
  removeTenantAccess,
  updateFlavor,
  updateSpec,
} from './flavor.schema.js';
import { FlavorAccessController } from './flavor-access.controller.js';
import { FlavorSpecController } from './flavor-spec.controller.js';

const specs = 'os_compute_api:os-flavor-extra-specs';
const access = 'os_compute_api:os-flavor-access';
const manage = 'os_compute_api:os-flavor-manage';

/** Flavors are seen by everybody who has a token; what they hold beyond that has rules. */
export const flavorRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/flavors', query: listFlavors }, FlavorController, 'index'),
  route({ method: 'GET', path: '/flavors/detail', query: listFlavors }, FlavorController, 'detail'),
  route({ method: 'GET', path: '/flavors/:id', query: noQuery }, FlavorController, 'show'),
  route({ method: 'POST', path: '/flavors', policy: `${manage}:create`, body: createFlavor }, FlavorController, 'create'),
  route(
    { method: 'PUT', path: '/flavors/:id', min: '2.55', policy: `${manage}:update`, body: updateFlavor },
    FlavorController,
    'update',
  ),
  route({ method: 'DELETE', path: '/flavors/:id', policy: `${manage}:delete` }, FlavorController, 'remove'),
  route(
    { method: 'GET', path: '/flavors/:flavor_id/os-flavor-access', policy: access, query: noQuery },
    FlavorAccessController,
    'index',
  ),
  route(
    {
      method: 'POST',
      path: '/flavors/:id/action',
      action: 'addTenantAccess',
      policy: `${access}:add_tenant_access`,
      body: addTenantAccess,
    },
    FlavorAccessController,
    'add',
  ),
  route(
    {
      method: 'POST',
      path: '/flavors/:id/action',
      action: 'removeTenantAccess',
      policy: `${access}:remove_tenant_access`,
      body: removeTenantAccess,
    },
    FlavorAccessController,
    'remove',
  ),
  route(
    { method: 'GET', path: '/flavors/:flavor_id/os-extra_specs', policy: `${specs}:index`, query: noQuery },
    FlavorSpecController,
    'index',
  ),
  route(
    { method: 'GET', path: '/flavors/:flavor_id/os-extra_specs/:id', policy: `${specs}:show`, query: noQuery },
    FlavorSpecController,
    'show',
  ),
  route(
    { method: 'POST', path: '/flavors/:flavor_id/os-extra_specs', policy: `${specs}:create`, body: createSpecs },
    FlavorSpecController,
    'create',
  ),
  route(
    { method: 'PUT', path: '/flavors/:flavor_id/os-extra_specs/:id', policy: `${specs}:update`, body: updateSpec },
    FlavorSpecController,
    'update',
  ),
  route(
    { method: 'DELETE', path: '/flavors/:flavor_id/os-extra_specs/:id', policy: `${specs}:delete` },
    FlavorSpecController,
    'remove',
  ),
];
