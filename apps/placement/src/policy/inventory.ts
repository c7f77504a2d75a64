import { serviceRule } from './base.js';

const all = '/resource_providers/{uuid}/inventories';
const one = `${all}/{resource_class}`;

export const inventoryRules = [
  serviceRule('resource_providers:inventories:list', "List a provider's inventories.", `GET ${all}`),
  serviceRule('resource_providers:inventories:create', 'Add an inventory to a provider.', `POST ${all}`),
  serviceRule('resource_providers:inventories:show', 'Show an inventory of a provider.', `GET ${one}`),
  serviceRule('resource_providers:inventories:update', 'Replace inventories of a provider.', `PUT ${all}`, `PUT ${one}`),
  serviceRule('resource_providers:inventories:delete', 'Remove inventories of a provider.', `DELETE ${all}`, `DELETE ${one}`),
];
