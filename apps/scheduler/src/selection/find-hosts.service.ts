import type { RequestSpec } from '@kilonova/compute-objects';
import type { Allocations, PlacementClient } from '@kilonova/placement-client';
import type { Ctx } from '@kilonova/util';
import { type CandidatesAnswer, hostStates } from '../model/candidates.js';
import type { SchedulingFacts } from '../model/filters/index.js';
import { HostRanking } from '../model/host-ranking.js';
import type { AggregateFacts, HostState } from '../model/host-state.js';
import type { HostsFound } from '../model/hosts-found.js';
import { filterHosts, narrowToDestinations, skipsFilters } from '../model/narrow-hosts.js';
import type { RunRules } from '../model/placing-run.js';
import { noCandidates, noSuchHost, preFiltered, silentCell, unknownToCells } from '../model/refusals.js';
import { type CandidateLimit, candidateLimits } from '../model/request/candidate-limits.js';
import { likeness } from '../model/request/like-requests.js';
import type { NetworkDemand } from '../model/request/network-demand.js';
import { placementQuery, type QueryConstraints } from '../model/request/placement-query.js';
import { preFilter } from '../model/request/pre-filters.js';
import type { NetworkDemands } from '../networks/network-demands.service.js';
import type { SchedulingWorld } from '../world/world.port.js';
import { type Answers, AskedHosts, type HostSource, knownHosts } from './host-source.js';
import { PendingHardware } from './pending-hardware.js';
import type { SchedulingOptions } from './scheduling-options.js';
import { SharedRankings } from './shared-rankings.js';
import type { CandidateFinder } from './trial-placement.js';

/** What one request is judged by, read once. */
export interface Situation {
  readonly spec: RequestSpec;
  readonly aggregates: readonly AggregateFacts[];
  readonly facts: SchedulingFacts;
  readonly rules: RunRules;
  readonly ignoredCells: readonly string[];
  readonly networks: NetworkDemand;
  /** Cells that were asked for the instances in the hints and did not answer. */
  readonly silent: readonly string[];
}

/** Whom a request asks for candidates, and whether answers are shared. */
export interface Asked {
  readonly placement: CandidateFinder;
  readonly answers: Answers;
}

/** What the networks of a request ask of a host. */
export type NetworkFacts = Pick<NetworkDemands, 'of'>;

const NOT_ENOUGH = 'There are not enough hosts available.';

/** From a request to the hosts that fit it: pre-filters → candidates → host states → destinations → filters → ranking. */
export class FindHosts {
  /** What others asked a moment ago does as well. */
  readonly recently: Asked;
  /** All is asked from now on, once for all who do so at the same time. */
  readonly anew: Asked;
  /** Cells and devices that were given away count in every answer from then on. */
  readonly pending = new PendingHardware();

  constructor(
    placement: PlacementClient,
    private readonly world: SchedulingWorld,
    private readonly options: SchedulingOptions,
    private readonly networks: NetworkFacts,
    private readonly now: () => Date,
  ) {
    const shared = new SharedRankings(options.rankingAgeMs);
    const fresh: Answers['fresh'] = (question) => shared.fresh(question);
    this.recently = { placement, answers: shared };
    this.anew = { placement, answers: { recent: fresh, fresh } };
  }

  async situation(ctx: Ctx, spec: RequestSpec, ignoredCells: readonly string[] = []): Promise<Situation> {
    const aggregates = await this.world.aggregates(ctx);
    const hinted = [...(spec.scheduler_hints['same_host'] ?? []), ...(spec.scheduler_hints['different_host'] ?? [])];
    const placed = hinted.length === 0 ? { found: {}, silent: [] } : await this.world.hostsOfInstances(ctx, hinted);
    const groupMembersByHost: Record<string, number> = {};
    for (const host of spec.instance_group?.hosts ?? []) groupMembersByHost[host] = (groupMembersByHost[host] ?? 0) + 1;
    const facts = {
      now: this.now(),
      serviceDownTime: this.options.serviceDownTime,
      hintHosts: placed.found,
      groupMembersByHost,
      options: this.options.filters,
    };
    const networks = await this.networks.of(ctx, spec);
    return { spec, aggregates, facts, ignoredCells, networks, rules: this.#rules(spec), silent: placed.silent };
  }

  /**
   * Where the request's hosts come from, question after question.
   * @param asked `recently`, `anew` or what is the request's own
   */
  async source(ctx: Ctx, situation: Situation, instances: number, asked: Asked): Promise<HostSource> {
    const { spec, aggregates, facts, rules, ignoredCells } = situation;
    const filtered = preFilter(spec, aggregates, this.options, situation.networks);
    if (filtered.outcome === 'impossible')
      return knownHosts(this.#none(situation, filtered.reason, [preFiltered(filtered.rule, filtered.reason)]));
    const constraints = await this.#toDestination(ctx, situation, filtered.constraints);
    if ('ranking' in constraints) return knownHosts(constraints);
    const questions = candidateLimits(spec, instances, rules.multipliers, this.options).map((limit) => {
      const query = placementQuery(spec, constraints, limit.limit);
      const key = likeness(query, spec, facts, rules.filters, ignoredCells);
      return { key, ask: () => this.#ask(ctx, asked.placement, situation, query, limit) };
    });
    return new AskedHosts(asked.answers, questions);
  }

  /** What placement is to be asked for the request, or why it need not be asked. */
  async query(ctx: Ctx, situation: Situation): Promise<{ readonly query: string } | HostsFound> {
    const filtered = preFilter(situation.spec, situation.aggregates, this.options, situation.networks);
    if (filtered.outcome === 'impossible')
      return this.#none(situation, filtered.reason, [preFiltered(filtered.rule, filtered.reason)]);
    const constraints = await this.#toDestination(ctx, situation, filtered.constraints);
    return 'ranking' in constraints ? constraints : { query: placementQuery(situation.spec, constraints) };
  }

  /** Which of these nodes the request might be given, whatever there is room for. */
  async allowed(ctx: Ctx, situation: Situation, nodes: readonly string[]): Promise<HostsFound> {
    const requests = nodes.map((uuid) => ({ allocations: { [uuid]: { resources: {} } } }));
    return this.#judge(ctx, situation, { allocation_requests: requests, provider_summaries: {} }, false, nodes);
  }

  /** The host that an earlier run of this request claimed on, if it still fits; its usage counts the claim already. */
  async holder(ctx: Ctx, situation: Situation, held: Allocations): Promise<HostState | undefined> {
    const { ranking } = await this.held(ctx, situation, held);
    const [best] = ranking.best();
    return best?.host;
  }

  /** The host that these allocations are on, judged like any other. */
  held(ctx: Ctx, situation: Situation, held: Allocations): Promise<HostsFound> {
    const answer = { allocation_requests: [{ allocations: held }], provider_summaries: {} };
    return this.#judge(ctx, situation, answer, false, Object.keys(held));
  }

  async #ask(
    ctx: Ctx,
    placement: CandidateFinder,
    situation: Situation,
    query: string,
    { limit, isRandom }: CandidateLimit,
  ): Promise<HostsFound> {
    const answer = await placement.candidates(ctx, query, { isRandom });
    const { spec } = situation;
    if (answer.outcome === 'refused') return { ...this.#none(situation, '', [noCandidates(spec, answer.reason)]), query };
    const offered = answer.candidates.allocation_requests.length;
    if (offered === 0) return { ...this.#none(situation, '', [noCandidates(spec)]), query };
    const found = await this.#judge(ctx, situation, answer.candidates, limit !== undefined && offered >= limit);
    return { ...found, query };
  }

  async #judge(
    ctx: Ctx,
    situation: Situation,
    answer: CandidatesAnswer,
    isCut: boolean,
    roots: readonly string[] = [...new Set(Object.values(answer.provider_summaries).map((one) => one.root_provider_uuid))],
  ): Promise<HostsFound> {
    const { spec, aggregates, facts, rules, ignoredCells } = situation;
    const { found, silent } = await this.world.hosts(ctx, roots);
    const told = hostStates(answer, found, aggregates, this.options.defaultAvailabilityZone);
    const states = told.map((host) => this.pending.on(host));
    const narrowed = narrowToDestinations(states, spec, ignoredCells);
    const common = rules.filters.filter((filter) => filter.readsGroup !== true);
    const filtered = filterHosts(narrowed.hosts, common, spec, facts);
    const quiet = [...new Set([...silent, ...situation.silent])];
    const verdicts = [...narrowed.verdicts, ...filtered.verdicts, ...quiet.map(silentCell)];
    return {
      ranking: new HostRanking(filtered.hosts, rules, spec, facts),
      reason: NOT_ENOUGH,
      verdicts: states.length === 0 && quiet.length === 0 ? [unknownToCells()] : verdicts,
      silent: quiet,
      query: '',
      offered: states.length,
      isCut,
    };
  }

  #none(
    { spec, rules, facts }: Situation,
    reason: string,
    verdicts: HostsFound['verdicts'],
    silent: readonly string[] = [],
  ): HostsFound {
    const ranking = new HostRanking([], rules, spec, facts);
    const said = [...verdicts, ...silent.map(silentCell)];
    return { ranking, reason, verdicts: said, silent, query: '', offered: 0, isCut: false };
  }

  /** A request for one host is asked of that host's tree alone. */
  async #toDestination(ctx: Ctx, situation: Situation, constraints: QueryConstraints): Promise<QueryConstraints | HostsFound> {
    const { spec } = situation;
    const host = spec.requested_destination?.host ?? spec.force_hosts[0] ?? null;
    const node = spec.requested_destination?.node ?? spec.force_nodes[0] ?? null;
    if (host === null && node === null) return constraints;
    const { found, silent } = await this.world.nodesOf(ctx, host, node);
    if (found.length === 0)
      return this.#none(
        situation,
        `No such host - host: ${host ?? 'None'} node: ${node ?? 'None'} `,
        [noSuchHost(host, node)],
        silent,
      );
    return { ...constraints, inTree: found.length === 1 ? (found[0] ?? null) : null };
  }

  #rules(spec: RequestSpec): RunRules {
    return skipsFilters(spec) ? { ...this.options.rules, filters: [] } : this.options.rules;
  }
}
