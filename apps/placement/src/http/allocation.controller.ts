import type { ApiReply, ApiRequest } from '@kilonova/http';
import { normalizeUuid } from '@kilonova/util';
import { Inject, Injectable } from '@nestjs/common';
import { missing } from '../errors.js';
import { PlacementMetrics } from '../metrics.js';
import type { ConsumerAllocations, ConsumerClaim } from '../model/allocation.js';
import { PlacementSettings } from '../settings.js';
import { AllocationRepository } from '../store/allocation.repository.js';
import { type AllocationBody, toClaim, toClaims } from './allocation-body.js';
import { type AnyRequest, answer, noContent, param } from './answers.js';
import { claimFault } from './claim-fault.js';
import { noSuchProvider, providerUuid } from './provider-answer.js';
import { Since } from './versions.js';

/** Who holds what: claims and what became of them. */
@Injectable()
export class AllocationController {
  constructor(
    @Inject(AllocationRepository) private readonly allocations: AllocationRepository,
    @Inject(PlacementSettings) private readonly settings: PlacementSettings,
    @Inject(PlacementMetrics) private readonly metrics: PlacementMetrics,
  ) {}

  /** A consumer that nobody knows holds nothing: that is an answer, not an error. */
  async show(request: AnyRequest): Promise<ApiReply> {
    const uuid = normalizeUuid(param(request, 'consumer_uuid'));
    const held = uuid === undefined ? undefined : await this.allocations.ofConsumer(uuid);
    return answer(request, held === undefined ? { allocations: {} } : body(request, held), held?.modified);
  }

  async ofProvider(request: AnyRequest): Promise<ApiReply> {
    const uuid = providerUuid(request);
    const found = await this.allocations.ofProvider(uuid);
    if (found === undefined) throw noSuchProvider(uuid);
    const counted = request.version >= Since.consumerGeneration;
    const consumers = [...found.consumers].map(([consumer, { generation, resources }]) => [
      consumer,
      { resources, ...(counted && { consumer_generation: generation }) },
    ]);
    return answer(
      request,
      { allocations: Object.fromEntries(consumers), resource_provider_generation: found.generation },
      found.modified,
    );
  }

  replace(request: ApiRequest<AllocationBody>): Promise<ApiReply> {
    return this.claim([toClaim(param(request, 'consumer_uuid'), request.body, request.version, this.settings.incomplete)]);
  }

  replaceSeveral(request: ApiRequest<Readonly<Record<string, AllocationBody>>>): Promise<ApiReply> {
    return this.claim(toClaims(request.body, request.version, this.settings.incomplete));
  }

  async remove(request: AnyRequest): Promise<ApiReply> {
    const given = param(request, 'consumer_uuid');
    const uuid = normalizeUuid(given);
    if (uuid === undefined || !(await this.allocations.release(uuid))) throw missing(`No allocations for consumer '${given}'`);
    return noContent();
  }

  private async claim(claims: readonly ConsumerClaim[]): Promise<ApiReply> {
    const result = await this.allocations.claim(claims);
    this.metrics.claims.inc({ outcome: result.outcome });
    if (result.outcome !== 'ok') throw claimFault(result);
    return noContent();
  }
}

function body(request: Pick<AnyRequest, 'version'>, held: ConsumerAllocations): Record<string, unknown> {
  return {
    allocations: Object.fromEntries(held.providers),
    ...(request.version >= Since.keyedAllocations && { project_id: held.projectId, user_id: held.userId }),
    ...(request.version >= Since.consumerGeneration && { consumer_generation: held.consumerGeneration }),
    ...(request.version >= Since.consumerTypes && { consumer_type: held.consumerType ?? 'unknown' }),
  };
}
