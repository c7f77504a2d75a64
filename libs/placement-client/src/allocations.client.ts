import { backoffMs, type Ctx, pause } from '@kilonova/util';
import type {
  AllocationRequest,
  Allocations,
  ClaimMode,
  ClaimOutcome,
  ClaimOwner,
  ConsumerAllocations,
  MoveOutcome,
} from './allocation.js';
import { claimStep, difference, HOLDS_NOTHING, holdsNothing } from './claim-mode.js';
import { faultOf, isConcurrentUpdate, type PlacementHttp, unexpected } from './placement-http.js';

/** Microversion of candidates and claims. */
export const CLAIM_VERSION = '1.36';

/** Further tries after a concurrent update; upstream clients do as many. */
const CONFLICT_RETRIES = 4;
const CONFLICT_PAUSE = { baseMs: 20, capMs: 500 };

interface AllocationsBody {
  readonly allocations: ConsumerAllocations['allocations'];
  readonly project_id?: string;
  readonly user_id?: string;
  readonly consumer_generation?: number;
}

/**
 * Claims over HTTP: taking, moving and giving back what consumers hold. Placement answers a stale consumer and colliding
 * writers of a provider with the same code, `placement.concurrent_update`; the consumer is read again to tell which it was.
 */
export class AllocationsClient {
  constructor(private readonly http: PlacementHttp) {}

  async claim(ctx: Ctx, owner: ClaimOwner, request: AllocationRequest, mode: ClaimMode): Promise<ClaimOutcome> {
    let held = mode === 'add' ? await this.get(ctx, owner.consumer) : HOLDS_NOTHING;
    for (let attempt = 1; ; attempt++) {
      const step = claimStep(mode, held, request);
      if ('end' in step) return step.end;
      const written = await this.#put(ctx, owner, step.write, held.generation, request.mappings);
      if (written !== 'concurrent-update') return written;
      if (attempt > CONFLICT_RETRIES) return { outcome: 'contended' };
      const now = await this.get(ctx, owner.consumer);
      if (now.generation === held.generation) await pause(backoffMs(CONFLICT_PAUSE, attempt));
      held = now;
    }
  }

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

  async release(ctx: Ctx, consumer: string): Promise<void> {
    const reply = await this.http.send(ctx, '1.0', { method: 'DELETE', path: `/allocations/${consumer}`, idempotent: true });
    if (reply.status !== 204 && reply.status !== 404) throw unexpected(reply, 'to release allocations');
  }

  async giveBack(ctx: Ctx, consumer: string, part: Allocations): Promise<'given-back' | 'contended'> {
    for (let attempt = 1; ; attempt++) {
      const held = await this.get(ctx, consumer);
      const left = difference(held.allocations, part);
      if (held.generation === null || sizeOf(left) === sizeOf(held.allocations)) return 'given-back';
      const owner = { consumer, projectId: held.projectId ?? '', userId: held.userId ?? '' };
      const written = await this.#put(ctx, owner, left, held.generation, undefined);
      if (written !== 'concurrent-update') return 'given-back';
      if (attempt > CONFLICT_RETRIES) return 'contended';
      await pause(backoffMs(CONFLICT_PAUSE, attempt));
    }
  }

  async change(ctx: Ctx, consumer: string, wanted: (held: Allocations) => Allocations): Promise<ClaimOutcome> {
    for (let attempt = 1; ; attempt++) {
      const { allocations, generation, projectId, userId } = await this.get(ctx, consumer);
      if (generation === null) return holdsNothing(consumer);
      const owner = { consumer, projectId: projectId ?? '', userId: userId ?? '' };
      const written = await this.#put(ctx, owner, wanted(allocations), generation, undefined);
      if (written !== 'concurrent-update') return written;
      if (attempt > CONFLICT_RETRIES) return { outcome: 'contended' };
      await pause(backoffMs(CONFLICT_PAUSE, attempt));
    }
  }

  /**
   * Hands what `from` holds to `to` in one write: there is no moment at which nobody holds it.
   * @param replace what `to` holds gives way; otherwise it shows that the move was made before
   */
  async move(ctx: Ctx, from: string, to: string, replace: boolean): Promise<MoveOutcome> {
    for (let attempt = 1; ; attempt++) {
      const [held, receiver] = await Promise.all([this.get(ctx, from), this.get(ctx, to)]);
      if (held.generation === null) return { outcome: receiver.generation === null ? 'nothing-held' : 'already-moved' };
      if (receiver.generation !== null && !replace) return { outcome: 'already-moved' };
      const owner = { project_id: held.projectId, user_id: held.userId };
      const body = {
        [from]: { ...owner, allocations: {}, consumer_generation: held.generation },
        [to]: { ...owner, allocations: held.allocations, consumer_generation: receiver.generation },
      };
      const reply = await this.http.send(ctx, CLAIM_VERSION, { method: 'POST', path: '/allocations', body });
      if (reply.status === 204) return { outcome: 'moved' };
      if (!isConcurrentUpdate(reply)) throw unexpected(reply, 'to move allocations');
      if (attempt > CONFLICT_RETRIES) return { outcome: 'contended' };
      await pause(backoffMs(CONFLICT_PAUSE, attempt));
    }
  }

  async #put(
    ctx: Ctx,
    owner: ClaimOwner,
    allocations: Allocations,
    generation: number | null,
    mappings: AllocationRequest['mappings'],
  ): Promise<ClaimOutcome | 'concurrent-update'> {
    const body = {
      allocations,
      // Mappings speak of the request alone: they say nothing of what the owner held before.
      ...(mappings === undefined || generation !== null ? {} : { mappings }),
      project_id: owner.projectId,
      user_id: owner.userId,
      consumer_generation: generation,
    };
    const reply = await this.http.send(ctx, CLAIM_VERSION, { method: 'PUT', path: `/allocations/${owner.consumer}`, body });
    if (reply.status === 204) return { outcome: 'claimed' };
    if (isConcurrentUpdate(reply)) return 'concurrent-update';
    const { status, detail } = faultOf(reply);
    if (status === 400) return { outcome: 'invalid', reason: detail };
    if (status === 409) return { outcome: 'no-capacity', reason: detail };
    throw unexpected(reply, 'a claim');
  }
}

/** All amounts together: enough to see whether anything was taken away. */
const sizeOf = (allocations: Allocations): number =>
  Object.values(allocations)
    .flatMap(({ resources }) => Object.values(resources))
    .reduce((sum, amount) => sum + amount, 0);
