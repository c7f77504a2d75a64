import { backoffMs, type Ctx, pause } from '@kilonova/util';
import type { Claim, ClaimResult, ConsumerAllocations } from './allocation.js';
import { faultOf, type PlacementHttp, unexpected } from './placement-http.js';

/** Microversion of candidates and claims. */
export const CLAIM_VERSION = '1.36';

/** Further tries after a provider conflict; upstream clients do as many. */
const CONFLICT_RETRIES = 4;
const CONFLICT_PAUSE = { baseMs: 20, capMs: 500 };

interface AllocationsBody {
  readonly allocations: ConsumerAllocations['allocations'];
  readonly project_id?: string;
  readonly user_id?: string;
  readonly consumer_generation?: number;
}

/** Claims: taking, moving and giving back what consumers hold. */
export class AllocationsClient {
  constructor(private readonly http: PlacementHttp) {}

  /** Takes what the claim says, at once or not at all. A conflict between providers' writers is tried again a few times. */
  async claim(ctx: Ctx, claim: Claim): Promise<ClaimResult> {
    for (let attempt = 1; ; attempt++) {
      const result = await this.#put(ctx, claim);
      if (result.outcome !== 'provider-conflict' || attempt > CONFLICT_RETRIES) return result;
      await pause(backoffMs(CONFLICT_PAUSE, attempt));
    }
  }

  /** What a consumer holds; empty for one that nobody knows. */
  async get(ctx: Ctx, consumer: string): Promise<ConsumerAllocations> {
    const reply = await this.http.send<AllocationsBody>(ctx, '1.28', { method: 'GET', path: `/allocations/${consumer}` });
    if (reply.status !== 200) throw unexpected(reply, 'to show allocations');
    const { allocations, project_id, user_id, consumer_generation } = reply.body;
    return {
      allocations: Object.fromEntries(Object.entries(allocations).map(([uuid, { resources }]) => [uuid, { resources }])),
      projectId: project_id ?? null,
      userId: user_id ?? null,
      generation: consumer_generation ?? null,
    };
  }

  /** Gives back all that a consumer holds. Holding nothing is fine. */
  async release(ctx: Ctx, consumer: string): Promise<void> {
    const reply = await this.http.send(ctx, '1.0', { method: 'DELETE', path: `/allocations/${consumer}`, idempotent: true });
    if (reply.status !== 204 && reply.status !== 404) throw unexpected(reply, 'to release allocations');
  }

  /** Hands what one consumer holds to another in one step: there is no moment at which nobody holds it. */
  async move(ctx: Ctx, from: string, to: string): Promise<ClaimResult> {
    const [held, receiving] = await Promise.all([this.get(ctx, from), this.get(ctx, to)]);
    if (held.generation === null) return { outcome: 'consumer-conflict', detail: `consumer ${from} holds nothing` };
    const owner = { project_id: held.projectId, user_id: held.userId };
    const body = {
      [from]: { ...owner, allocations: {}, consumer_generation: held.generation },
      [to]: { ...owner, allocations: held.allocations, consumer_generation: receiving.generation },
    };
    const reply = await this.http.send(ctx, CLAIM_VERSION, { method: 'POST', path: '/allocations', body });
    return reply.status === 204 ? { outcome: 'claimed' } : conflictOf(reply);
  }

  async #put(ctx: Ctx, claim: Claim): Promise<ClaimResult> {
    const body = {
      allocations: claim.allocations,
      ...(claim.mappings === undefined ? {} : { mappings: claim.mappings }),
      project_id: claim.projectId,
      user_id: claim.userId,
      consumer_generation: claim.generation,
    };
    const reply = await this.http.send(ctx, CLAIM_VERSION, { method: 'PUT', path: `/allocations/${claim.consumer}`, body });
    return reply.status === 204 ? { outcome: 'claimed' } : conflictOf(reply);
  }
}

/** Tells the conflicts apart: by code, and a consumer's from a provider's by the text, which carries no code of its own. */
function conflictOf(reply: Parameters<typeof faultOf>[0]): ClaimResult {
  const { status, code, detail } = faultOf(reply);
  if (status === 400) return { outcome: 'invalid', detail };
  if (status !== 409) throw unexpected(reply, 'a claim');
  if (code !== 'placement.concurrent_update') return { outcome: 'no-capacity', detail };
  return { outcome: detail.includes('consumer generation conflict') ? 'consumer-conflict' : 'provider-conflict', detail };
}
