import { serviceRule } from './base.js';

export const aggregateRules = [
  serviceRule('resource_providers:aggregates:list', "List a provider's aggregates.", 'GET /resource_providers/{uuid}/aggregates'),
  serviceRule(
    'resource_providers:aggregates:update',
    "Replace a provider's aggregates.",
    'PUT /resource_providers/{uuid}/aggregates',
  ),
];
