import { aboutThings, type Route, route } from '@kilonova/http';
import { noQuery } from '../common/parameter-types.js';
import { ofQuotaUser, updateQuotaClass, updateQuotaSet } from './quota.schema.js';
import { QuotaClassSetController } from './quota-class-set.controller.js';
import { QuotaSetController } from './quota-set.controller.js';

const sets = 'os_compute_api:os-quota-sets';
const classes = 'os_compute_api:os-quota-class-sets';

/** Quota sets ask the policy with the project that they are about, in the controller. */
export const quotaRoutes: readonly Route[] = [
  ...aboutThings([
    route({ method: 'GET', path: '/os-quota-sets/:id', policy: `${sets}:show`, query: ofQuotaUser }, QuotaSetController, 'show'),
    route(
      { method: 'GET', path: '/os-quota-sets/:id/detail', policy: `${sets}:detail`, query: ofQuotaUser },
      QuotaSetController,
      'detail',
    ),
    route(
      { method: 'GET', path: '/os-quota-sets/:id/defaults', policy: `${sets}:defaults`, query: noQuery },
      QuotaSetController,
      'defaults',
    ),
    route(
      {
        method: 'PUT',
        path: '/os-quota-sets/:id',
        policy: `${sets}:update`,
        query: ofQuotaUser,
        body: updateQuotaSet,
      },
      QuotaSetController,
      'update',
    ),
    route(
      { method: 'DELETE', path: '/os-quota-sets/:id', policy: `${sets}:delete`, query: ofQuotaUser },
      QuotaSetController,
      'remove',
    ),
  ]),
  route(
    { method: 'GET', path: '/os-quota-class-sets/:id', policy: `${classes}:show`, query: noQuery },
    QuotaClassSetController,
    'show',
  ),
  route(
    { method: 'PUT', path: '/os-quota-class-sets/:id', policy: `${classes}:update`, body: updateQuotaClass },
    QuotaClassSetController,
    'update',
  ),
];
