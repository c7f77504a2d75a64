import type { AllocationRequest, HostVerdict, RequestSpec } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import type { SchedulingFacts } from '../model/filters/index.js';
import type { HostState } from '../model/host-state.js';
import { type Placed, planRun, type RunRules } from '../model/plan-run.js';
import type { ClaimOutcome, SchedulerPlacement } from './placement.port.js';

/** Claims under way at once for one request. */
const CONCURRENT_CLAIMS = 16;

export interface ClaimedHosts {
  readonly outcome: 'claimed';
  readonly byInstance: ReadonlyMap<string, HostState>;
  /** All hosts, with what the run took consumed. */
  readonly hosts: readonly HostState[];
}

export type ClaimHostsResult = ClaimedHosts | { readonly outcome: 'not-enough'; readonly verdicts: readonly HostVerdict[] };

/**
 * Plans hosts for all instances of a request, then claims them in placement side by side; what was lost to somebody
 * else is planned again without the host that refused. All get a host, or none keeps one.
 */
export class ClaimHosts {
  constructor(private readonly placement: SchedulerPlacement) {}

  async run(
    ctx: Ctx,
    hosts: readonly HostState[],
    instances: readonly string[],
    spec: RequestSpec,
    rules: RunRules,
    facts: SchedulingFacts,
  ): Promise<ClaimHostsResult> {
    const byInstance = new Map<string, HostState>();
    const verdicts: HostVerdict[] = [];
    let current = hosts;
    let pending = instances;
    while (pending.length > 0) {
      const plan = planRun(current, pending, spec, rules, facts);
      verdicts.push(...plan.verdicts);
      if (plan.unplaced.length > 0) {
        await this.#releaseAll(ctx, [...byInstance.keys()]);
        return { outcome: 'not-enough', verdicts };
      }
      const lost = await this.#claimAll(ctx, plan.placed, current, spec, byInstance);
      verdicts.push(...lost.map(refusal));
      const refused = new Set(lost.map((loss) => loss.host.facts.computeNodeUuid));
      current = plan.hosts.filter((host) => !refused.has(host.facts.computeNodeUuid));
      pending = lost.map((loss) => loss.instanceUuid);
    }
    return { outcome: 'claimed', byInstance, hosts: current };
  }

  /** Claims what was planned; answers with the losses. */
  async #claimAll(
    ctx: Ctx,
    placed: readonly Placed[],
    hosts: readonly HostState[],
    spec: RequestSpec,
    byInstance: Map<string, HostState>,
  ): Promise<Loss[]> {
    const losses: Loss[] = [];
    const queue = [...placed];
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const result = await this.#claimOne(ctx, next, hosts, spec);
        if (result.outcome === 'on') byInstance.set(next.instanceUuid, result.host);
        else losses.push({ ...next, reason: result.reason });
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: Math.min(CONCURRENT_CLAIMS, placed.length) }, worker));
    const failed = workers.find((settled) => settled.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return losses;
  }

  async #claimOne(
    ctx: Ctx,
    placed: Placed,
    hosts: readonly HostState[],
    spec: RequestSpec,
  ): Promise<{ outcome: 'on'; host: HostState } | { outcome: 'lost'; reason: string }> {
    const request = placed.host.candidates[0] as AllocationRequest;
    const result = await this.placement.claim(ctx, placed.instanceUuid, request, spec);
    if (result.outcome === 'claimed') return { outcome: 'on', host: placed.host };
    if (result.outcome === 'rejected') return { outcome: 'lost', reason: result.reason };
    const host = holderOf(result, hosts);
    if (host !== undefined) return { outcome: 'on', host };
    await this.placement.release(ctx, placed.instanceUuid);
    return this.#claimOne(ctx, placed, hosts, spec);
  }

  async #releaseAll(ctx: Ctx, instances: readonly string[]): Promise<void> {
    await Promise.all(instances.map((uuid) => this.placement.release(ctx, uuid)));
  }
}

interface Loss extends Placed {
  readonly reason: string;
}

const refusal = (loss: Loss): HostVerdict => ({
  host: loss.host.facts.host,
  provider_uuid: loss.host.facts.computeNodeUuid,
  stage: 'claim',
  rule: 'claim',
  reason: loss.reason,
});

/** The host on which an earlier run of the request claimed, if it is among the hosts of this one. */
const holderOf = (held: Extract<ClaimOutcome, { outcome: 'held' }>, hosts: readonly HostState[]): HostState | undefined => {
  const providers = Object.keys(held.allocations);
  const host = hosts.find(
    (candidate) =>
      providers.includes(candidate.facts.computeNodeUuid) ||
      candidate.candidates.some((request) => providers.every((uuid) => uuid in request.allocations)),
  );
  return host && { ...host, candidates: [{ allocations: held.allocations }] };
};
