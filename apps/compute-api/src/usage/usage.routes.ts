import { aboutThings, type Route, route } from '@kilonova/http';
import { noQuery } from '../common/parameter-types.js';
import { UsageController } from './usage.controller.js';
import { listUsage, showUsage } from './usage.schema.js';
import { UsageAuditController } from './usage-audit.controller.js';

const audit = 'os_compute_api:os-instance-usage-audit-log';

export const usageRoutes: readonly Route[] = [
  route(
    {
      method: 'GET',
      path: '/os-simple-tenant-usage',
      dear: true,
      policy: 'os_compute_api:os-simple-tenant-usage:list',
      query: listUsage,
    },
    UsageController,
    'index',
  ),
  ...aboutThings([
    route(
      {
        method: 'GET',
        path: '/os-simple-tenant-usage/:id',
        dear: true,
        policy: 'os_compute_api:os-simple-tenant-usage:show',
        query: showUsage,
      },
      UsageController,
      'show',
    ),
  ]),
  route(
    { method: 'GET', path: '/os-instance_usage_audit_log', policy: `${audit}:list`, query: noQuery },
    UsageAuditController,
    'index',
  ),
  route(
    { method: 'GET', path: '/os-instance_usage_audit_log/:id', policy: `${audit}:show`, query: noQuery },
    UsageAuditController,
    'show',
  ),
];
