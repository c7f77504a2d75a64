import type {
  SelectDestinations as Args,
  HostVerdict,
  SchedulingTrace,
  SelectDestinationsResult,
  Selection,
  TryDestinations,
} from '@kilonova/compute-objects';
import { type Allocations, CLAIM_VERSION, type ClaimMode, type PlacementClient } from '@kilonova/placement-client';
import { AppError, type Ctx, steadyTime } from '@kilonova/util';
import { HostRanking } from '../model/host-ranking.js';
import type { HostState } from '../model/host-state.js';
import type { HostsFound } from '../model/hosts-found.js';
import { toSelection } from '../model/placing-run.js';
import { BEST_SHOWN, schedulingTrace, someOf } from '../model/scheduling-trace.js';
import type { SchedulingWorld } from '../world/world.port.js';
import { CheckHost } from './check-host.service.js';
import { ClaimHosts } from './claim-hosts.service.js';
import { type Asked, FindHosts, type NetworkFacts, type Situation } from './find-hosts.service.js';
import { type HostSource, knownHosts, OWN_ANSWERS } from './host-source.js';
import { PendingHardware } from './pending-hardware.js';
import type { SchedulingOptions } from './scheduling-options.js';
import { TrialPlacement } from './trial-placement.js';

/** Instances of one request that placement is asked about at once. */
const CONCURRENT_QUESTIONS = 8;

/** Where hosts come from and how they are claimed: for good, or as a trial. */
interface Claiming {
  readonly isTrial: boolean;
  readonly claims: ClaimHosts;
  readonly asked: Asked;
}

/** `doubts`: what could not be found out and may be the reason. */
interface Refused {
  readonly outcome: 'refused';
  readonly reason: string;
  readonly verdicts: readonly HostVerdict[];
  readonly doubts: readonly string[];
  /** The last hosts that were looked at. */
  readonly found: HostsFound;
  readonly trace: SchedulingTrace;
}

type Attempt = Extract<SelectDestinationsResult, { outcome: 'selected' }> | Refused;

/**
 * The whole of one scheduling request: pre-filters → candidates → host states → filters → weighers → claims →
 * alternates. Not finding a host is an answer with every host's reason, and is given only when every host could be
 * judged; what could not be found out now is an error, after which the request is sent again.
 */
export class SelectDestinations {
  readonly #find: FindHosts;
  readonly #claims: ClaimHosts;
  readonly #check: CheckHost;

  constructor(
    private readonly placement: PlacementClient,
    private readonly world: SchedulingWorld,
    private readonly options: SchedulingOptions,
    networks: NetworkFacts,
    now: () => Date = () => new Date(steadyTime()),
  ) {
    this.#find = new FindHosts(placement, world, options, networks, now);
    this.#claims = new ClaimHosts(placement, this.#find.pending);
    this.#check = new CheckHost(placement, this.#find);
  }

  /**
   * What is held of hosts and aggregates may be older than the request: nobody is refused for it before it was read anew.
   * @throws AppError `dependency`, code `scheduler.hosts.unknown`, when a host may be there but something is silent.
   */
  run(ctx: Ctx, args: Args): Promise<SelectDestinationsResult> {
    const { recently, anew } = this.#find;
    const claimed = (asked: Asked) => this.#once(ctx, args, { isTrial: false, claims: this.#claims, asked });
    return this.#certain(
      () => claimed(recently),
      () => claimed(anew),
    );
  }

  /** What `run` would answer, with nothing claimed, and nothing that others hear of. @throws AppError as `run` */
  attempt(ctx: Ctx, { request_spec, instance_uuids }: TryDestinations): Promise<SelectDestinationsResult> {
    const args = { request_spec, instance_uuids, return_alternates: true };
    const tried = () => this.#once(ctx, args, this.#trial());
    return this.#certain(tried, tried);
  }

  /** Hosts that the first look chose count as taken in what others share, so that the second has to ask anew. */
  async #certain(
    first: () => Promise<SelectDestinationsResult>,
    second: () => Promise<SelectDestinationsResult>,
  ): Promise<SelectDestinationsResult> {
    const result = await first();
    if (result.outcome === 'selected' || result.verdicts.every(({ stage }) => stage === 'claim')) return result;
    await this.world.refresh();
    return second();
  }

  #trial(): Claiming {
    const placement = new TrialPlacement(this.placement);
    return {
      isTrial: true,
      claims: new ClaimHosts(placement, new PendingHardware()),
      asked: { placement, answers: OWN_ANSWERS },
    };
  }

  async #once(ctx: Ctx, args: Args, claiming: Claiming): Promise<SelectDestinationsResult> {
    const situation = await this.#find.situation(ctx, args.request_spec, args.ignore_cells);
    if (args.claim_mode === 'check') return this.#check.run(ctx, args, situation);
    const source = await this.#find.source(ctx, situation, args.instance_uuids.length, claiming.asked);
    const first = await this.#claim(ctx, args, situation, source, claiming);
    const isFinal = first.outcome === 'selected' || claiming.isTrial;
    const result = isFinal ? first : await this.#withEarlierClaims(ctx, args, situation, first, claiming);
    if (result.outcome === 'selected') return result;
    const doubts = [...result.doubts, ...(args.ignore_cells ?? []).map((cell) => `cell ${cell} was left out`)];
    if (doubts.length > 0) throw notKnown(doubts);
    return { outcome: 'no-valid-host', reason: result.reason, verdicts: someOf(result.verdicts), trace: result.trace };
  }

  async #claim(ctx: Ctx, args: Args, situation: Situation, source: HostSource, claiming: Claiming): Promise<Attempt> {
    const { claims } = claiming;
    const { spec, rules, facts } = situation;
    const holder = (held: Allocations) => this.#find.holder(ctx, situation, held);
    const run = { instances: args.instance_uuids, mode: claimModeOf(args), spec, rules, facts, holder } as const;
    const claimed = await claims.run(ctx, source, run);
    const { found, verdicts, placing } = claimed;
    const traced = { found, verdicts, best: placing.explained(BEST_SHOWN), instances: args.instance_uuids };
    if (claimed.outcome === 'not-enough') {
      const last = found.at(-1) as HostsFound;
      const doubts = [...last.silent.map(silence), ...(claimed.isCertain ? [] : ['a claim was not decided'])];
      const trace = schedulingTrace({ ...traced, selections: [] });
      return { outcome: 'refused', reason: last.reason, verdicts, doubts, found: last, trace };
    }
    const spare = args.return_alternates ? this.options.maxAttempts - 1 : 0;
    const selections = args.instance_uuids.map((uuid) => {
      const selected = claimed.byInstance.get(uuid) as HostState;
      return [selected, ...placing.alternates(selected, spare)].flatMap(selection);
    });
    return { outcome: 'selected', selections, verdicts: someOf(verdicts), trace: schedulingTrace({ ...traced, selections }) };
  }

  /**
   * An earlier run of a build may have claimed the last free host, whose answer was lost: placement offers that host no
   * more, and the claim is ours all the same.
   */
  async #withEarlierClaims(ctx: Ctx, args: Args, situation: Situation, refused: Refused, claiming: Claiming): Promise<Attempt> {
    if ((args.claim_mode ?? 'build') !== 'build') return refused;
    const earlier = await this.#earlierHosts(ctx, args.instance_uuids, situation);
    if (earlier.size === 0) return refused;
    const others = [...refused.found.ranking.best()]
      .map((entry) => entry.host)
      .filter((host) => !earlier.has(host.facts.computeNodeUuid));
    const { rules, spec, facts } = situation;
    const ranking = new HostRanking([...earlier.values(), ...others], rules, spec, facts);
    return this.#claim(ctx, args, situation, knownHosts({ ...refused.found, ranking }), claiming);
  }

  /** Hosts that the instances hold something of, by node. */
  async #earlierHosts(ctx: Ctx, instances: readonly string[], situation: Situation): Promise<Map<string, HostState>> {
    const hosts = new Map<string, HostState>();
    const waiting = [...instances];
    const worker = async (): Promise<void> => {
      for (let uuid = waiting.shift(); uuid !== undefined; uuid = waiting.shift()) {
        const held = await this.placement.allocationsOf(ctx, uuid);
        const host = held.generation === null ? undefined : await this.#find.holder(ctx, situation, held.allocations);
        if (host !== undefined) hosts.set(host.facts.computeNodeUuid, host);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENT_QUESTIONS }, worker));
    return hosts;
  }
}

const claimModeOf = ({ claim_mode: mode = 'build' }: Args): ClaimMode => (mode === 'check' ? 'build' : mode);

const selection = (host: HostState): readonly Selection[] => [toSelection(host, CLAIM_VERSION) ?? []].flat();

const silence = (cell: string): string => `cell ${cell} does not answer`;

const notKnown = (doubts: readonly string[]): AppError =>
  new AppError({
    kind: 'dependency',
    code: 'scheduler.hosts.unknown',
    message: `Whether there is a host is not known: ${doubts.join(', ')}.`,
    retry: { laterMs: 2_000 },
  });
