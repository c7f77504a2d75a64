import { serviceRule } from './base.js';

export const resourceClassRules = [
  serviceRule('resource_classes:list', 'List resource classes.', 'GET /resource_classes'),
  serviceRule('resource_classes:create', 'Create a custom resource class.', 'POST /resource_classes'),
  serviceRule('resource_classes:show', 'Show a resource class.', 'GET /resource_classes/{name}'),
  serviceRule('resource_classes:update', 'Create or rename a custom resource class.', 'PUT /resource_classes/{name}'),
  serviceRule('resource_classes:delete', 'Delete a custom resource class.', 'DELETE /resource_classes/{name}'),
];
