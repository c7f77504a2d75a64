import { serviceRule } from './base.js';

export const resourceProviderRules = [
  serviceRule('resource_providers:list', 'List resource providers.', 'GET /resource_providers'),
  serviceRule('resource_providers:create', 'Create a resource provider.', 'POST /resource_providers'),
  serviceRule('resource_providers:show', 'Show a resource provider.', 'GET /resource_providers/{uuid}'),
  serviceRule('resource_providers:update', 'Rename or move a resource provider.', 'PUT /resource_providers/{uuid}'),
  serviceRule('resource_providers:delete', 'Delete a resource provider.', 'DELETE /resource_providers/{uuid}'),
];
