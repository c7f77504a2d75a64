import { serviceRule } from './base.js';

export const allocationRules = [
  serviceRule('allocations:list', 'Show what a consumer holds.', 'GET /allocations/{consumer_uuid}'),
  serviceRule('allocations:manage', 'Replace what several consumers hold.', 'POST /allocations'),
  serviceRule('allocations:update', 'Replace what a consumer holds.', 'PUT /allocations/{consumer_uuid}'),
  serviceRule('allocations:delete', 'Give back what a consumer holds.', 'DELETE /allocations/{consumer_uuid}'),
  serviceRule(
    'resource_providers:allocations:list',
    'Show what is taken from a provider.',
    'GET /resource_providers/{uuid}/allocations',
  ),
];
