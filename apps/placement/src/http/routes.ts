import { type Route, route } from '@kilonova/http';
import { AggregateController } from './aggregate.controller.js';
import { AllocationController } from './allocation.controller.js';
import { AllocationCandidateController } from './allocation-candidate.controller.js';
import { InventoryController } from './inventory.controller.js';
import { ProviderTraitController } from './provider-trait.controller.js';
import { ReshaperController } from './reshaper.controller.js';
import { ResourceClassController } from './resource-class.controller.js';
import { ResourceProviderController } from './resource-provider.controller.js';
import { RootController } from './root.controller.js';
import { postAllocations, replaceAllocations } from './schemas/allocation.js';
import { listCandidates } from './schemas/allocation-candidate.js';
import { anything } from './schemas/common.js';
import { createInventory, replaceInventories, updateInventory } from './schemas/inventory.js';
import { postReshaper } from './schemas/reshaper.js';
import { createResourceClass, renameResourceClass } from './schemas/resource-class.js';
import { createProvider, listProviders, updateProvider } from './schemas/resource-provider.js';
import { listTraits, replaceProviderTraits } from './schemas/trait.js';
import { listUsages } from './schemas/usage.js';
import { TraitController } from './trait.controller.js';
import { UsageController } from './usage.controller.js';

const providers = '/resource_providers';
const provider = `${providers}/:uuid`;
const inventories = `${provider}/inventories`;
const inventory = `${inventories}/:resource_class`;
const classes = '/resource_classes';
const resourceClass = `${classes}/:name`;
const allocations = '/allocations';
const consumer = `${allocations}/:consumer_uuid`;

/** The whole API: URL × method × microversions × policy → controller. Outside a row's span the URL is not there. */
export const placementRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/', public: true }, RootController, 'show'),

  route(
    { method: 'GET', path: providers, policy: 'placement:resource_providers:list', query: listProviders },
    ResourceProviderController,
    'list',
  ),
  route(
    { method: 'POST', path: providers, policy: 'placement:resource_providers:create', body: createProvider },
    ResourceProviderController,
    'create',
  ),
  route({ method: 'GET', path: provider, policy: 'placement:resource_providers:show' }, ResourceProviderController, 'show'),
  route(
    { method: 'PUT', path: provider, policy: 'placement:resource_providers:update', body: updateProvider },
    ResourceProviderController,
    'update',
  ),
  route(
    { method: 'DELETE', path: provider, policy: 'placement:resource_providers:delete' },
    ResourceProviderController,
    'remove',
  ),

  route(
    { method: 'GET', path: inventories, policy: 'placement:resource_providers:inventories:list' },
    InventoryController,
    'list',
  ),
  route(
    { method: 'POST', path: inventories, policy: 'placement:resource_providers:inventories:create', body: createInventory },
    InventoryController,
    'create',
  ),
  route(
    { method: 'PUT', path: inventories, policy: 'placement:resource_providers:inventories:update', body: replaceInventories },
    InventoryController,
    'replaceAll',
  ),
  route({ method: 'DELETE', path: inventories, max: '1.4' }, InventoryController, 'removeAllTooEarly'),
  route(
    { method: 'DELETE', path: inventories, min: '1.5', policy: 'placement:resource_providers:inventories:delete' },
    InventoryController,
    'removeAll',
  ),
  route({ method: 'GET', path: inventory, policy: 'placement:resource_providers:inventories:show' }, InventoryController, 'show'),
  route(
    { method: 'PUT', path: inventory, policy: 'placement:resource_providers:inventories:update', body: updateInventory },
    InventoryController,
    'replaceOne',
  ),
  route(
    { method: 'DELETE', path: inventory, policy: 'placement:resource_providers:inventories:delete' },
    InventoryController,
    'removeOne',
  ),

  route(
    { method: 'GET', path: `${provider}/usages`, policy: 'placement:resource_providers:usages' },
    UsageController,
    'ofProvider',
  ),
  route({ method: 'GET', path: '/usages', min: '1.9', query: listUsages }, UsageController, 'ofProject'),

  route(
    { method: 'GET', path: `${provider}/aggregates`, min: '1.1', policy: 'placement:resource_providers:aggregates:list' },
    AggregateController,
    'list',
  ),
  route(
    {
      method: 'PUT',
      path: `${provider}/aggregates`,
      min: '1.1',
      policy: 'placement:resource_providers:aggregates:update',
      body: anything,
    },
    AggregateController,
    'replace',
  ),

  route({ method: 'GET', path: classes, min: '1.2', policy: 'placement:resource_classes:list' }, ResourceClassController, 'list'),
  route(
    { method: 'POST', path: classes, min: '1.2', policy: 'placement:resource_classes:create', body: createResourceClass },
    ResourceClassController,
    'create',
  ),
  route(
    { method: 'GET', path: resourceClass, min: '1.2', policy: 'placement:resource_classes:show' },
    ResourceClassController,
    'show',
  ),
  route(
    {
      method: 'PUT',
      path: resourceClass,
      min: '1.2',
      max: '1.6',
      policy: 'placement:resource_classes:update',
      body: renameResourceClass,
    },
    ResourceClassController,
    'rename',
  ),
  route(
    { method: 'PUT', path: resourceClass, min: '1.7', policy: 'placement:resource_classes:update' },
    ResourceClassController,
    'ensure',
  ),
  route(
    { method: 'DELETE', path: resourceClass, min: '1.2', policy: 'placement:resource_classes:delete' },
    ResourceClassController,
    'remove',
  ),

  route(
    { method: 'GET', path: '/traits', min: '1.6', policy: 'placement:traits:list', query: listTraits },
    TraitController,
    'list',
  ),
  route({ method: 'GET', path: '/traits/:name', min: '1.6', policy: 'placement:traits:show' }, TraitController, 'show'),
  route({ method: 'PUT', path: '/traits/:name', min: '1.6', policy: 'placement:traits:update' }, TraitController, 'ensure'),
  route({ method: 'DELETE', path: '/traits/:name', min: '1.6', policy: 'placement:traits:delete' }, TraitController, 'remove'),
  route(
    { method: 'GET', path: `${provider}/traits`, min: '1.6', policy: 'placement:resource_providers:traits:list' },
    ProviderTraitController,
    'list',
  ),
  route(
    {
      method: 'PUT',
      path: `${provider}/traits`,
      min: '1.6',
      policy: 'placement:resource_providers:traits:update',
      body: replaceProviderTraits,
    },
    ProviderTraitController,
    'replace',
  ),
  route(
    { method: 'DELETE', path: `${provider}/traits`, min: '1.6', policy: 'placement:resource_providers:traits:delete' },
    ProviderTraitController,
    'clear',
  ),

  route(
    { method: 'GET', path: `${provider}/allocations`, policy: 'placement:resource_providers:allocations:list' },
    AllocationController,
    'ofProvider',
  ),
  route({ method: 'GET', path: consumer, policy: 'placement:allocations:list' }, AllocationController, 'show'),
  route(
    { method: 'PUT', path: consumer, policy: 'placement:allocations:update', body: replaceAllocations },
    AllocationController,
    'replace',
  ),
  route({ method: 'DELETE', path: consumer, policy: 'placement:allocations:delete' }, AllocationController, 'remove'),
  route(
    { method: 'POST', path: allocations, min: '1.13', policy: 'placement:allocations:manage', body: postAllocations },
    AllocationController,
    'replaceSeveral',
  ),

  route(
    {
      method: 'GET',
      path: '/allocation_candidates',
      min: '1.10',
      policy: 'placement:allocation_candidates:list',
      query: listCandidates,
    },
    AllocationCandidateController,
    'list',
  ),
  route(
    {
      method: 'GET',
      path: '/kilonova/capacity',
      min: '1.36',
      policy: 'placement:allocation_candidates:list',
      query: listCandidates,
    },
    AllocationCandidateController,
    'count',
  ),
  route(
    { method: 'POST', path: '/reshaper', min: '1.30', policy: 'placement:reshaper:reshape', body: postReshaper },
    ReshaperController,
    'reshape',
  ),
];
