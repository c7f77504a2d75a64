import type { HostVerdict, RequestSpec } from '@kilonova/compute-objects';
import type { Allocations, PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { type CandidatesAnswer, hostStates } from '../model/candidates.js';
import { type HostFilter, PASS, type SchedulingFacts } from '../model/filters/index.js';
import type { AggregateFacts, HostState } from '../model/host-state.js';
import { filterHosts, type Narrowed, narrowToDestinations, skipsFilters } from '../model/narrow-hosts.js';
import type { RunRules } from '../model/plan-run.js';
import { noCandidates, noSuchHost, preFiltered, silentCell, unknownToCells } from '../model/refusals.js';
import { placementQuery, type QueryConstraints } from '../model/request/placement-query.js';
import { type PreFilterOptions, preFilter } from '../model/request/pre-filters.js';
import type { SchedulingWorld } from '../world/world.port.js';

export interface SchedulingOptions extends PreFilterOptions {
  readonly maxPlacementResults: number;
  /** Hosts a build may be tried on in all, the first included; 1 means no alternates. */
  readonly maxAttempts: number;
  readonly serviceDownTime: number;
  readonly defaultAvailabilityZone: string;
  readonly rules: RunRules;
}

/** What one request is judged by, read once. */
export interface Situation {
  readonly spec: RequestSpec;
  readonly aggregates: readonly AggregateFacts[];
  readonly facts: SchedulingFacts;
  readonly rules: RunRules;
  readonly ignoredCells: readonly string[];
  /** Cells that were asked for the instances in the hints and did not answer. */
  readonly silent: readonly string[];
}

/** Hosts that fit, none where there is none. `silent`: cells whose hosts may fit too, had they answered. */
export interface HostsFound extends Narrowed {
  /** What the tenant may read where no host is left. */
  readonly reason: string;
  readonly silent: readonly string[];
}

export const NOT_ENOUGH = 'There are not enough hosts available.';

const none = (reason: string, verdicts: readonly HostVerdict[], silent: readonly string[] = []): HostsFound => ({
  hosts: [],
  reason,
  verdicts: [...verdicts, ...silent.map(silentCell)],
  silent,
});

/** From a request to the hosts that fit it: pre-filters → candidates → host states → destinations → once-per-run filters. */
export class FindHosts {
  constructor(
    private readonly placement: PlacementClient,
    private readonly world: SchedulingWorld,
    private readonly options: SchedulingOptions,
    private readonly now: () => Date,
  ) {}

  async situation(ctx: Ctx, spec: RequestSpec, ignoredCells: readonly string[] = []): Promise<Situation> {
    const aggregates = await this.world.aggregates(ctx);
    const hinted = [...(spec.scheduler_hints['same_host'] ?? []), ...(spec.scheduler_hints['different_host'] ?? [])];
    const placed = hinted.length === 0 ? { found: {}, silent: [] } : await this.world.hostsOfInstances(ctx, hinted);
    const groupMembersByHost: Record<string, number> = {};
    for (const host of spec.instance_group?.hosts ?? []) groupMembersByHost[host] = (groupMembersByHost[host] ?? 0) + 1;
    const facts = { now: this.now(), serviceDownTime: this.options.serviceDownTime, hintHosts: placed.found, groupMembersByHost };
    return { spec, aggregates, facts, ignoredCells, rules: this.#rules(spec), silent: placed.silent };
  }

  async run(ctx: Ctx, situation: Situation): Promise<HostsFound> {
    const { spec, aggregates } = situation;
    const filtered = preFilter(spec, aggregates, this.options);
    if (filtered.outcome === 'impossible') return none(filtered.reason, [preFiltered(filtered.rule, filtered.reason)]);
    const constraints = await this.#toDestination(ctx, spec, filtered.constraints);
    if ('hosts' in constraints) return constraints;
    const answer = await this.placement.candidates(ctx, placementQuery(spec, constraints, this.options.maxPlacementResults));
    if (answer.outcome === 'refused') return none('', [noCandidates(spec, answer.reason)]);
    if (answer.candidates.allocation_requests.length === 0) return none('', [noCandidates(spec)]);
    return this.#judge(ctx, situation, answer.candidates);
  }

  /** The host that an earlier run of this request claimed on, if it still fits; its usage counts the claim already. */
  async holder(ctx: Ctx, situation: Situation, held: Allocations): Promise<HostState | undefined> {
    const answer = { allocation_requests: [{ allocations: held }], provider_summaries: {} };
    const { hosts } = await this.#judge(ctx, situation, answer, Object.keys(held));
    return hosts[0];
  }

  async #judge(
    ctx: Ctx,
    { spec, aggregates, facts, rules, ignoredCells, silent: silentOnHints }: Situation,
    answer: CandidatesAnswer,
    roots: readonly string[] = [...new Set(Object.values(answer.provider_summaries).map((one) => one.root_provider_uuid))],
  ): Promise<HostsFound> {
    const { found, silent } = await this.world.hosts(ctx, roots);
    const states = hostStates(answer, found, aggregates, this.options.defaultAvailabilityZone);
    const narrowed = narrowToDestinations(states, spec, ignoredCells);
    const once = rules.filters.filter((filter) => filter.oncePerRun);
    const filtered = filterHosts(narrowed.hosts, once, spec, facts);
    const quiet = [...new Set([...silent, ...silentOnHints])];
    const verdicts = [...narrowed.verdicts, ...filtered.verdicts, ...quiet.map(silentCell)];
    return {
      hosts: filtered.hosts,
      reason: NOT_ENOUGH,
      verdicts: states.length === 0 && quiet.length === 0 ? [unknownToCells()] : verdicts,
      silent: quiet,
    };
  }

  /** A request for one host is asked of that host's tree alone. */
  async #toDestination(ctx: Ctx, spec: RequestSpec, constraints: QueryConstraints): Promise<QueryConstraints | HostsFound> {
    const host = spec.requested_destination?.host ?? spec.force_hosts[0] ?? null;
    const node = spec.requested_destination?.node ?? spec.force_nodes[0] ?? null;
    if (host === null && node === null) return constraints;
    const { found, silent } = await this.world.nodesOf(ctx, host, node);
    if (found.length === 0)
      return none(`No such host - host: ${host ?? 'None'} node: ${node ?? 'None'} `, [noSuchHost(host, node)], silent);
    return { ...constraints, inTree: found.length === 1 ? (found[0] ?? null) : null };
  }

  #rules(spec: RequestSpec): RunRules {
    const all: HostFilter = { name: 'forced', oncePerRun: true, check: () => PASS };
    return skipsFilters(spec) ? { ...this.options.rules, filters: [all] } : this.options.rules;
  }
}
