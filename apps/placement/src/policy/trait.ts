import { serviceRule } from './base.js';

const ofProvider = '/resource_providers/{uuid}/traits';

export const traitRules = [
  serviceRule('traits:list', 'List traits.', 'GET /traits'),
  serviceRule('traits:show', 'Tell whether a trait exists.', 'GET /traits/{name}'),
  serviceRule('traits:update', 'Create a custom trait.', 'PUT /traits/{name}'),
  serviceRule('traits:delete', 'Delete a custom trait.', 'DELETE /traits/{name}'),
  serviceRule('resource_providers:traits:list', "List a provider's traits.", `GET ${ofProvider}`),
  serviceRule('resource_providers:traits:update', "Replace a provider's traits.", `PUT ${ofProvider}`),
  serviceRule('resource_providers:traits:delete', "Remove a provider's traits.", `DELETE ${ofProvider}`),
];
