import type { AllocationRequest, RequestSpec } from '@kilonova/compute-objects';
import { CLAIM_VERSION, type PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import type { CandidatesAnswer } from '../model/candidates.js';
import { type ClaimOutcome, SchedulerPlacement } from './placement.port.js';

/** The scheduler's side of the placement client. */
export class PlacementAdapter extends SchedulerPlacement {
  readonly version = CLAIM_VERSION;

  constructor(private readonly client: PlacementClient) {
    super();
  }

  candidates(ctx: Ctx, query: string): Promise<CandidatesAnswer> {
    return this.client.candidates.find(ctx, query);
  }

  async claim(ctx: Ctx, instanceUuid: string, request: AllocationRequest, spec: RequestSpec): Promise<ClaimOutcome> {
    const owner = { projectId: spec.project_id, userId: spec.user_id };
    const result = await this.client.allocations.claim(ctx, { ...owner, ...request, consumer: instanceUuid, generation: null });
    if (result.outcome === 'claimed') return result;
    if (result.outcome !== 'consumer-conflict') return { outcome: 'rejected', reason: result.detail };
    const held = await this.client.allocations.get(ctx, instanceUuid);
    if (held.generation === null) return { outcome: 'rejected', reason: result.detail };
    return { outcome: 'held', allocations: held.allocations };
  }

  release(ctx: Ctx, instanceUuid: string): Promise<void> {
    return this.client.allocations.release(ctx, instanceUuid);
  }
}
