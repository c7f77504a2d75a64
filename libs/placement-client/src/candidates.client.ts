import type { Ctx } from '@kilonova/util';
import type { Allocations } from './allocation.js';
import { CLAIM_VERSION } from './allocations.client.js';
import { type PlacementHttp, unexpected } from './placement-http.js';

export interface ProviderSummary {
  readonly resources: Readonly<Record<string, { readonly capacity: number; readonly used: number }>>;
  readonly traits: readonly string[];
  readonly parent_provider_uuid: string | null;
  readonly root_provider_uuid: string;
}

export interface Candidates {
  readonly allocation_requests: ReadonlyArray<{
    readonly allocations: Allocations;
    readonly mappings?: Readonly<Record<string, readonly string[]>>;
  }>;
  readonly provider_summaries: Readonly<Record<string, ProviderSummary>>;
}

const NONE: Candidates = { allocation_requests: [], provider_summaries: {} };

/** `GET /allocation_candidates`. */
export class CandidatesClient {
  constructor(private readonly http: PlacementHttp) {}

  /**
   * @param query without the question mark. One that placement finds contradictory or unknown (400: no such trait or
   *   class) has no candidates: what it asks for cannot exist.
   */
  async find(ctx: Ctx, query: string): Promise<Candidates> {
    const reply = await this.http.send<Candidates>(ctx, CLAIM_VERSION, {
      method: 'GET',
      path: `/allocation_candidates?${query}`,
    });
    if (reply.status === 400) return NONE;
    if (reply.status !== 200) throw unexpected(reply, 'to search candidates');
    return reply.body;
  }
}
