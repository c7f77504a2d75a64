import { type DynamicModule, Module } from '@nestjs/common';
import { AggregateController } from './http/aggregate.controller.js';
import { AllocationController } from './http/allocation.controller.js';
import { AllocationCandidateController } from './http/allocation-candidate.controller.js';
import { InventoryController } from './http/inventory.controller.js';
import { OpenApiController } from './http/openapi/index.js';
import { ProviderTraitController } from './http/provider-trait.controller.js';
import { ReshaperController } from './http/reshaper.controller.js';
import { ResourceClassController } from './http/resource-class.controller.js';
import { ResourceProviderController } from './http/resource-provider.controller.js';
import { RootController } from './http/root.controller.js';
import { TraitController } from './http/trait.controller.js';
import { UsageController } from './http/usage.controller.js';
import { PlacementMetrics } from './metrics.js';
import { ProviderReadModel } from './read-model/index.js';
import { PlacementSettings } from './settings.js';
import { AggregateRepository } from './store/aggregate.repository.js';
import { AllocationRepository } from './store/allocation.repository.js';
import { ClaimTurns } from './store/claim-turns.js';
import { InventoryRepository } from './store/inventory.repository.js';
import { ProviderTraitRepository } from './store/provider-trait.repository.js';
import { ReshaperRepository } from './store/reshaper.repository.js';
import { ResourceClassRepository } from './store/resource-class.repository.js';
import { ResourceProviderRepository } from './store/resource-provider.repository.js';
import { PlacementDatabase } from './store/sql.js';
import { TraitRepository } from './store/trait.repository.js';
import { UsageRepository } from './store/usage.repository.js';

/** What the module is built around: made by whoever starts placement, from its configuration. */
export interface PlacementParts {
  readonly database: PlacementDatabase;
  readonly readModel: ProviderReadModel;
  readonly settings: PlacementSettings;
  readonly metrics: PlacementMetrics;
  readonly turns: ClaimTurns;
}

const repositories = [
  AggregateRepository,
  AllocationRepository,
  InventoryRepository,
  ProviderTraitRepository,
  ReshaperRepository,
  ResourceClassRepository,
  ResourceProviderRepository,
  TraitRepository,
  UsageRepository,
];

const controllers = [
  AggregateController,
  AllocationCandidateController,
  AllocationController,
  InventoryController,
  OpenApiController,
  ProviderTraitController,
  ReshaperController,
  ResourceClassController,
  ResourceProviderController,
  RootController,
  TraitController,
  UsageController,
];

@Module({})
class PlacementModule {}

/** The one list of what is bound to what. Controllers are plain providers: their URLs stand in the route table. */
export const placementModule = (parts: PlacementParts): DynamicModule => ({
  module: PlacementModule,
  providers: [
    { provide: PlacementDatabase, useValue: parts.database },
    { provide: ProviderReadModel, useValue: parts.readModel },
    { provide: PlacementSettings, useValue: parts.settings },
    { provide: PlacementMetrics, useValue: parts.metrics },
    { provide: ClaimTurns, useValue: parts.turns },
    ...repositories,
    ...controllers,
  ],
});
