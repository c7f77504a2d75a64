import type { AllocationRequest, RequestSpec } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import type { CandidatesAnswer } from '../model/candidates.js';

/** What became of a claim. Only `claimed` holds capacity. */
export type ClaimOutcome =
  | { readonly outcome: 'claimed' }
  /** The host cannot take it (any more); the next host is tried. */
  | { readonly outcome: 'rejected'; readonly reason: string }
  /** The instance holds allocations already: an earlier run of this very request got that far. */
  | { readonly outcome: 'held'; readonly allocations: AllocationRequest['allocations'] };

/** Placement, as scheduling uses it. */
export abstract class SchedulerPlacement {
  /** Microversion of candidates and claims; travels with each selection. */
  abstract readonly version: string;
  /** @param query of `GET /allocation_candidates`, without the question mark. A request that placement finds malformed has no candidates. */
  abstract candidates(ctx: Ctx, query: string): Promise<CandidatesAnswer>;
  abstract claim(ctx: Ctx, instanceUuid: string, request: AllocationRequest, spec: RequestSpec): Promise<ClaimOutcome>;
  abstract release(ctx: Ctx, instanceUuid: string): Promise<void>;
}
