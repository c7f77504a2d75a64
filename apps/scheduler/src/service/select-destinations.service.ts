import type {
  SelectDestinations as Args,
  HostVerdict,
  RequestSpec,
  SelectDestinationsResult,
  Selection,
} from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import { hostStates } from '../model/candidates.js';
import { type HostFilter, PASS, type SchedulingFacts } from '../model/filters/index.js';
import type { AggregateFacts, HostState } from '../model/host-state.js';
import { filterHosts, narrowToDestinations, skipsFilters } from '../model/narrow-hosts.js';
import { alternates, type RunRules, toSelection } from '../model/plan-run.js';
import { placementQuery, type QueryConstraints } from '../model/request/placement-query.js';
import { type PreFilterOptions, preFilter } from '../model/request/pre-filters.js';
import { ClaimHosts } from './claim-hosts.service.js';
import type { SchedulerPlacement } from './placement.port.js';
import type { SchedulingWorld } from './world.port.js';

export interface SchedulingOptions extends PreFilterOptions {
  readonly maxPlacementResults: number;
  /** Hosts a build may be tried on in all, the first included; 1 means no alternates. */
  readonly maxAttempts: number;
  readonly serviceDownTime: number;
  readonly defaultAvailabilityZone: string;
  readonly rules: RunRules;
}

type Ready = { readonly hosts: readonly HostState[]; readonly verdicts: readonly HostVerdict[] };
type Impossible = Extract<SelectDestinationsResult, { outcome: 'no-valid-host' }>;

const impossible = (reason: string, verdicts: readonly HostVerdict[]): Impossible => ({
  outcome: 'no-valid-host',
  reason,
  verdicts,
});

const NOT_ENOUGH = 'There are not enough hosts available.';

/**
 * The whole of one scheduling request: pre-filters → candidates → host states → filters → weighers → claims →
 * alternates. Not finding a host is an answer with every host's reason, not an error.
 */
export class SelectDestinations {
  readonly #claims: ClaimHosts;

  constructor(
    private readonly placement: SchedulerPlacement,
    private readonly world: SchedulingWorld,
    private readonly options: SchedulingOptions,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.#claims = new ClaimHosts(placement);
  }

  async run(ctx: Ctx, args: Args): Promise<SelectDestinationsResult> {
    const spec = args.request_spec;
    const aggregates = await this.world.aggregates(ctx);
    const constraints = await this.#constraints(ctx, spec, aggregates);
    if ('outcome' in constraints) return constraints;
    const facts = await this.#facts(ctx, spec);
    const rules = this.#rules(spec);
    const ready = await this.#candidates(ctx, spec, constraints, aggregates, facts, rules);
    if ('outcome' in ready) return ready;
    const claimed = await this.#claims.run(ctx, ready.hosts, args.instance_uuids, spec, rules, facts);
    if (claimed.outcome === 'not-enough') return impossible(NOT_ENOUGH, [...ready.verdicts, ...claimed.verdicts]);
    const spare = args.return_alternates ? this.options.maxAttempts - 1 : 0;
    const selections = args.instance_uuids.map((uuid) => {
      const selected = claimed.byInstance.get(uuid) as HostState;
      return [selected, ...alternates(claimed.hosts, selected, spec, rules, facts, spare)].flatMap((host) =>
        this.#selection(host),
      );
    });
    return { outcome: 'selected', selections };
  }

  async #constraints(ctx: Ctx, spec: RequestSpec, aggregates: readonly AggregateFacts[]): Promise<QueryConstraints | Impossible> {
    const result = preFilter(spec, aggregates, this.options);
    if (result.outcome === 'impossible') {
      const verdict: HostVerdict = {
        host: null,
        provider_uuid: null,
        stage: 'pre-filter',
        rule: result.rule,
        reason: result.reason,
      };
      return impossible(result.reason, [verdict]);
    }
    const host = spec.requested_destination?.host ?? spec.force_hosts[0] ?? null;
    const node = spec.requested_destination?.node ?? spec.force_nodes[0] ?? null;
    if (host === null && node === null) return result.constraints;
    const nodes = await this.world.nodesOf(ctx, host, node);
    if (nodes.length === 0)
      return impossible(`No such host - host: ${host ?? 'None'} node: ${node ?? 'None'} `, [noSuchHost(host, node)]);
    return { ...result.constraints, inTree: nodes.length === 1 ? (nodes[0] ?? null) : null };
  }

  /** The hosts that placement offers and every once-per-run rule accepts. */
  async #candidates(
    ctx: Ctx,
    spec: RequestSpec,
    constraints: QueryConstraints,
    aggregates: readonly AggregateFacts[],
    facts: SchedulingFacts,
    rules: RunRules,
  ): Promise<Ready | Impossible> {
    const answer = await this.placement.candidates(ctx, placementQuery(spec, constraints, this.options.maxPlacementResults));
    if (answer.allocation_requests.length === 0) return impossible('', [noCandidates(spec)]);
    const roots = [...new Set(Object.values(answer.provider_summaries).map((summary) => summary.root_provider_uuid))];
    const states = hostStates(answer, await this.world.hosts(ctx, roots), aggregates, this.options.defaultAvailabilityZone);
    const narrowed = narrowToDestinations(states, spec);
    const once = rules.filters.filter((filter) => filter.oncePerRun);
    const filtered = filterHosts(narrowed.hosts, once, spec, facts);
    const verdicts = [...narrowed.verdicts, ...filtered.verdicts];
    return filtered.hosts.length === 0
      ? impossible(NOT_ENOUGH, verdicts.length > 0 ? verdicts : [unknownToCells()])
      : { hosts: filtered.hosts, verdicts };
  }

  #rules(spec: RequestSpec): RunRules {
    const all: HostFilter = { name: 'forced', oncePerRun: true, check: () => PASS };
    return skipsFilters(spec) ? { ...this.options.rules, filters: [all] } : this.options.rules;
  }

  async #facts(ctx: Ctx, spec: RequestSpec): Promise<SchedulingFacts> {
    const hinted = [...(spec.scheduler_hints['same_host'] ?? []), ...(spec.scheduler_hints['different_host'] ?? [])];
    const groupMembersByHost: Record<string, number> = {};
    for (const host of spec.instance_group?.hosts ?? []) groupMembersByHost[host] = (groupMembersByHost[host] ?? 0) + 1;
    return {
      now: this.now(),
      serviceDownTime: this.options.serviceDownTime,
      hintHosts: hinted.length === 0 ? {} : await this.world.hostsOfInstances(ctx, hinted),
      groupMembersByHost,
    };
  }

  #selection(host: HostState): readonly Selection[] {
    const selection = toSelection(host, this.placement.version);
    return selection === undefined ? [] : [selection];
  }
}

const noCandidates = (spec: RequestSpec): HostVerdict => ({
  host: null,
  provider_uuid: null,
  stage: 'candidates',
  rule: 'allocation candidates',
  reason: `placement has no candidate for flavor ${spec.flavor.name} under the request's traits, aggregates and zone`,
});

const noSuchHost = (host: string | null, node: string | null): HostVerdict => ({
  host,
  provider_uuid: null,
  stage: 'host-state',
  rule: 'destination',
  reason: `no cell knows host ${host ?? 'any'} with node ${node ?? 'any'}`,
});

const unknownToCells = (): HostVerdict => ({
  host: null,
  provider_uuid: null,
  stage: 'host-state',
  rule: 'cells',
  reason: 'placement offers providers that no reachable, enabled cell knows as a compute node',
});
