import type { ApiReply, ApiRequest } from '@kilonova/http';
import { normalizeUuid } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { badRequest, ErrorCode, refused } from '../errors.js';
import { PlacementMetrics } from '../metrics.js';
import type { ReshapeOutcome } from '../model/allocation.js';
import { PlacementSettings } from '../settings.js';
import { type ReshapedProvider, ReshaperRepository } from '../store/reshaper.repository.js';
import { type AllocationBody, toClaims } from './allocation-body.js';
import { noContent } from './answers.js';
import { claimFault } from './claim-fault.js';
import { type InventoryBody, toInventories } from './inventory-answer.js';

interface ReshaperBody {
  readonly inventories: Readonly<Record<string, InventoriesBody>>;
  readonly allocations: Readonly<Record<string, AllocationBody>>;
}

interface InventoriesBody {
  readonly resource_provider_generation: number;
  readonly inventories: Readonly<Record<string, InventoryBody>>;
}

/** Moves inventory between providers together with what is allocated from it. */
@Injectable()
export class ReshaperController {
  constructor(
    @Inject(ReshaperRepository) private readonly reshaper: ReshaperRepository,
    @Inject(PlacementSettings) private readonly settings: PlacementSettings,
    @Inject(PlacementMetrics) private readonly metrics: PlacementMetrics,
  ) {}

  async reshape(request: ApiRequest<ReshaperBody>): Promise<ApiReply> {
    const providers = Object.entries(request.body.inventories).map(([uuid, body]) => toProvider(uuid, body));
    const claims = toClaims(request.body.allocations, request.version, this.settings.incomplete);
    const result = await this.reshaper.reshape(providers, claims);
    this.metrics.claims.inc({ outcome: result.outcome });
    if (result.outcome !== 'ok') throw reshapeFault(result);
    return noContent();
  }
}

function toProvider(given: string, body: InventoriesBody): ReshapedProvider {
  const providerUuid = normalizeUuid(given);
  if (providerUuid === undefined) throw notFound(given);
  return { providerUuid, generation: body.resource_provider_generation, inventories: toInventories(body.inventories) };
}

function reshapeFault(refusal: Exclude<ReshapeOutcome, { outcome: 'ok' }>): Error {
  switch (refusal.outcome) {
    case 'unknown-listed-provider':
      return notFound(refusal.provider);
    case 'provider-conflict':
      return refused(
        `resource provider generation conflict for provider ${refusal.provider}: actual: ${refusal.stored}, given: ${refusal.given}`,
        ErrorCode.concurrentUpdate,
      );
    case 'unknown-listed-class':
      return badRequest(
        `Unknown resource class in inventory for resource provider ${refusal.provider}: No such resource class ${refusal.class}.`,
      );
    case 'inventory-in-use':
      return refused(
        `update conflict: Inventory for '${refusal.class}' on resource provider '${refusal.provider}' in use.`,
        ErrorCode.inventoryInUse,
      );
    default:
      return claimFault(refusal);
  }
}

const notFound = (uuid: string): Error =>
  badRequest(
    `Resource provider ${uuid} in inventories not found: No resource provider with uuid ${uuid} found`,
    ErrorCode.providerNotFound,
  );
