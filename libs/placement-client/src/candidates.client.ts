import type { Ctx } from '@kilonova/util';
import type { AllocationRequest } from './allocation.js';
import { CLAIM_VERSION } from './allocations.client.js';
import { faultOf, type PlacementHttp, unexpected } from './placement-http.js';

export interface ProviderSummary {
  readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>>;
  readonly traits: readonly string[];
  readonly parent_provider_uuid: string | null;
  readonly root_provider_uuid: string;
}

export interface Candidates {
  readonly allocation_requests: readonly AllocationRequest[];
  readonly provider_summaries: Readonly<Record<string, ProviderSummary>>;
}

/** Finding none is an answer, and so is a query that cannot be met whatever the usage. */
export type CandidatesOutcome =
  | { readonly outcome: 'found'; readonly candidates: Candidates }
  /** The query is contradictory, or names a trait or class that does not exist. */
  | { readonly outcome: 'refused'; readonly reason: string };

/** What is asked for beside the query. */
export interface CandidatesWish {
  /** A limited answer should be a random sample. A placement that knows no such wish gives those that come first. */
  readonly isRandom?: boolean;
}

/** How often a request could be served, in all and by root provider. `isComplete` false: there may be more. */
export interface Capacity {
  readonly total: number;
  readonly isComplete: boolean;
  readonly roots: Readonly<Record<string, number>>;
}

export type CapacityOutcome =
  | { readonly outcome: 'counted'; readonly capacity: Capacity }
  /** The query is contradictory, or names a trait or class that does not exist. */
  | { readonly outcome: 'refused'; readonly reason: string };

/** `GET /allocation_candidates`, and how often that goes. */
export class CandidatesClient {
  constructor(private readonly http: PlacementHttp) {}

  async find(ctx: Ctx, query: string, { isRandom = false }: CandidatesWish = {}): Promise<CandidatesOutcome> {
    const reply = await this.http.send<Candidates>(ctx, CLAIM_VERSION, {
      method: 'GET',
      path: `/allocation_candidates?${query}`,
      ...(isRandom && { headers: { prefer: 'sample=random' } }),
    });
    if (reply.status === 400) return { outcome: 'refused', reason: faultOf(reply).detail };
    if (reply.status !== 200) throw unexpected(reply, 'to search candidates');
    return { outcome: 'found', candidates: reply.body };
  }

  async count(ctx: Ctx, query: string): Promise<CapacityOutcome> {
    const path = `/kilonova/capacity?${query}`;
    const reply = await this.http.send<{ total: number; is_complete: boolean; roots: Record<string, number> }>(
      ctx,
      CLAIM_VERSION,
      {
        method: 'GET',
        path,
      },
    );
    if (reply.status === 400) return { outcome: 'refused', reason: faultOf(reply).detail };
    if (reply.status !== 200) throw unexpected(reply, 'to count capacity');
    const { total, is_complete: isComplete, roots } = reply.body;
    return { outcome: 'counted', capacity: { total, isComplete, roots } };
  }
}
