import type { HostVerdict, RequestSpec } from '@kilonova/compute-objects';
import { type Allocations, type ClaimMode, type PlacementClient, releaseAll } from '@kilonova/placement-client';
import { type Ctx, conflict } from '@kilonova/util';
import type { SchedulingFacts } from '../model/filters/index.js';
import type { HostState } from '../model/host-state.js';
import { type Placed, planRun, type RunRules } from '../model/plan-run.js';

/** Claims under way at once for one request. */
const CONCURRENT_CLAIMS = 16;

/** Ways to allocate on one host that are tried for one instance. */
const CANDIDATES_TRIED = 8;

/** Claims of earlier runs, on hosts that are not to be had any more, that are given back for one instance. */
const STALE_CLAIMS = 3;

/** What is to be placed, under which rules. */
export interface ClaimRun {
  readonly instances: readonly string[];
  readonly spec: RequestSpec;
  readonly mode: Exclude<ClaimMode, 'add'>;
  readonly rules: RunRules;
  readonly facts: SchedulingFacts;
  /** The host that an earlier run claimed on, where it still fits but is offered no more. */
  readonly holder: (held: Allocations) => Promise<HostState | undefined>;
}

export interface ClaimedHosts {
  readonly outcome: 'claimed';
  readonly byInstance: ReadonlyMap<string, HostState>;
  /** All hosts, with what the run took consumed. */
  readonly hosts: readonly HostState[];
}

export type ClaimHostsResult =
  | ClaimedHosts
  /** `isCertain`: every host was looked at and said no; false when one could not be asked to the end. */
  | { readonly outcome: 'not-enough'; readonly verdicts: readonly HostVerdict[]; readonly isCertain: boolean };

interface Lost extends Placed {
  readonly reason: string;
  readonly isCertain: boolean;
}

type ClaimedOne =
  | { readonly outcome: 'on'; readonly host: HostState }
  | { readonly outcome: 'lost'; readonly reason: string; readonly isCertain: boolean };

/**
 * Plans hosts for all instances of a request, then claims them in placement side by side; what was lost to somebody
 * else is planned again without the host that refused. All get a host, or none keeps one.
 */
export class ClaimHosts {
  constructor(private readonly placement: PlacementClient) {}

  /** @throws AppError `conflict`, code `scheduler.claim.held`, when an instance that is to move holds something else. */
  async run(ctx: Ctx, hosts: readonly HostState[], run: ClaimRun): Promise<ClaimHostsResult> {
    const byInstance = new Map<string, HostState>();
    const verdicts: HostVerdict[] = [];
    let isCertain = true;
    let current = hosts;
    let pending = run.instances;
    while (pending.length > 0) {
      const plan = planRun(current, pending, run.spec, run.rules, run.facts);
      verdicts.push(...plan.verdicts);
      if (plan.unplaced.length > 0) {
        await releaseAll(this.placement, ctx, [...byInstance.keys()]);
        return { outcome: 'not-enough', verdicts, isCertain };
      }
      const lost = await this.#claimAll(ctx, plan.placed, current, run, byInstance);
      verdicts.push(...lost.map(refusal));
      isCertain &&= lost.every((loss) => loss.isCertain);
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
    run: ClaimRun,
    byInstance: Map<string, HostState>,
  ): Promise<Lost[]> {
    const losses: Lost[] = [];
    const queue = [...placed];
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const result = await this.#claimOne(ctx, next, hosts, run);
        if (result.outcome === 'on') byInstance.set(next.instanceUuid, result.host);
        else losses.push({ ...next, ...result });
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: Math.min(CONCURRENT_CLAIMS, placed.length) }, worker));
    const failed = workers.find((settled) => settled.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return losses;
  }

  /** The planned host's ways to allocate, in order, until one is ours. */
  async #claimOne(ctx: Ctx, placed: Placed, hosts: readonly HostState[], run: ClaimRun): Promise<ClaimedOne> {
    const owner = { consumer: placed.instanceUuid, projectId: run.spec.project_id, userId: run.spec.user_id };
    const candidates = placed.host.candidates;
    const tried = candidates.slice(0, CANDIDATES_TRIED);
    let reason = 'the host offers nothing';
    let staleClaims = 0;
    for (let index = 0; index < tried.length; index++) {
      const request = tried[index] as (typeof tried)[number];
      const result = await this.placement.claim(ctx, owner, request, run.mode);
      switch (result.outcome) {
        case 'claimed':
          return { outcome: 'on', host: { ...placed.host, candidates: [request] } };
        case 'adopted': {
          const host = holderOf(result.allocations, hosts) ?? (await run.holder(result.allocations));
          if (host !== undefined) return { outcome: 'on', host };
          if (++staleClaims > STALE_CLAIMS) return { outcome: 'lost', reason: 'claims of other runs', isCertain: false };
          await this.placement.release(ctx, owner.consumer);
          index--;
          break;
        }
        case 'no-capacity':
        case 'invalid':
          reason = result.reason;
          break;
        case 'contended':
          return { outcome: 'lost', reason: 'other writers of the provider kept getting in between', isCertain: false };
        case 'conflict':
          throw heldElsewhere(owner.consumer);
      }
    }
    return { outcome: 'lost', reason, isCertain: tried.length === candidates.length };
  }
}

const heldElsewhere = (instanceUuid: string) =>
  conflict(
    'scheduler.claim.held',
    `Instance ${instanceUuid} holds allocations of its own: they have to be moved to its migration before it can be scheduled.`,
    { instance: instanceUuid },
  );

const refusal = (loss: Lost): HostVerdict => ({
  host: loss.host.facts.host,
  provider_uuid: loss.host.facts.computeNodeUuid,
  stage: 'claim',
  rule: 'claim',
  reason: loss.reason,
});

/** The host on which an earlier run of the request claimed, if it is among the hosts of this one. */
const holderOf = (held: Allocations, hosts: readonly HostState[]): HostState | undefined => {
  const providers = Object.keys(held);
  const host = hosts.find(
    (candidate) =>
      providers.includes(candidate.facts.computeNodeUuid) ||
      candidate.candidates.some((request) => providers.every((uuid) => uuid in request.allocations)),
  );
  return host && { ...host, candidates: [{ allocations: held }] };
};
