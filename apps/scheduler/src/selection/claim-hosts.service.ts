import type { AllocationRequest, HeldHardware, HostVerdict, RequestSpec } from '@kilonova/compute-objects';
import { type Allocations, type ClaimMode, type PlacementClient, releaseAll } from '@kilonova/placement-client';
import { type Ctx, conflict } from '@kilonova/util';
import type { SchedulingFacts } from '../model/filters/index.js';
import type { HostState } from '../model/host-state.js';
import type { HostsFound, SharedHosts } from '../model/hosts-found.js';
import { verdictOf } from '../model/narrow-hosts.js';
import { PlacingRun, type RunRules } from '../model/placing-run.js';
import type { HostSource } from './host-source.js';
import type { PendingHardware } from './pending-hardware.js';

/** Claims under way at once for one request. */
const CONCURRENT_CLAIMS = 16;

/** Ways to allocate on one host that are tried for one instance. */
const CANDIDATES_TRIED = 8;

/** Claims of earlier runs, on hosts that are not to be had any more, that are given back for one instance. */
const STALE_CLAIMS = 3;

/** Claims lost in a ranking that others asked for, after which a new question is cheaper. */
const LOSSES_WHILE_SHARED = 8;

/** Where claims are made, and given back. */
export type Claims = Pick<PlacementClient, 'claim' | 'release'>;

/** Where cells and devices are noted that were given away, until an agent tells of them. */
export type GivenHardware = Pick<PendingHardware, 'note' | 'forget'>;

/** What is to be placed, under which rules. */
export interface ClaimRun {
  readonly instances: readonly string[];
  readonly spec: RequestSpec;
  readonly mode: ClaimMode;
  readonly rules: RunRules;
  readonly facts: SchedulingFacts;
  /** The host that an earlier run claimed on, where it still fits but is offered no more. */
  readonly holder: (held: Allocations) => Promise<HostState | undefined>;
}

export interface ClaimedHosts {
  readonly outcome: 'claimed';
  readonly byInstance: ReadonlyMap<string, HostState>;
  /** What is left, with all that the run took consumed. */
  readonly placing: PlacingRun;
  /** All that was looked at, the last last. */
  readonly found: readonly HostsFound[];
  readonly verdicts: readonly HostVerdict[];
}

export type ClaimHostsResult =
  | ClaimedHosts
  /** `isCertain`: every host was looked at and said no; false when one could not be asked to the end. */
  | {
      readonly outcome: 'not-enough';
      readonly placing: PlacingRun;
      readonly found: readonly HostsFound[];
      readonly verdicts: readonly HostVerdict[];
      readonly isCertain: boolean;
    };

type ClaimedOne =
  | { readonly outcome: 'on'; readonly host: HostState }
  /** An earlier run of the request claimed elsewhere: on a host that may still fit, or on none that does. */
  | { readonly outcome: 'held'; readonly host: HostState | undefined }
  | { readonly outcome: 'lost'; readonly reason: string; readonly isCertain: boolean };

/** The ways to allocate that a request's instances try: none again that placement refused, and those last that one has tried or got. */
class Ways {
  readonly #refused = new Set<AllocationRequest>();
  readonly #tried = new Set<AllocationRequest>();

  next(candidates: readonly AllocationRequest[]): AllocationRequest | undefined {
    const open = candidates.filter((way) => !this.#refused.has(way));
    const way = open.find((one) => !this.#tried.has(one)) ?? open[0];
    if (way !== undefined) this.#tried.add(way);
    return way;
  }

  isAnyOpen(candidates: readonly AllocationRequest[]): boolean {
    return candidates.some((way) => !this.#refused.has(way));
  }

  refuse(way: AllocationRequest): void {
    this.#refused.add(way);
  }
}

/** What a run has come to so far. */
interface Progress {
  readonly byInstance: Map<string, HostState>;
  /** Cells and devices of the instances that want some. */
  readonly laid: Map<string, HeldHardware>;
  /** Nodes that refused a claim of this request. */
  readonly refused: Set<string>;
  readonly lost: HostVerdict[];
  readonly ways: Ways;
  isCertain: boolean;
}

/**
 * Takes hosts out of rankings and claims them in placement, side by side. A claim that somebody else was quicker with
 * costs the next host of the same ranking; further hosts are only asked for when a ranking has none left. All get a
 * host, or none keeps one.
 */
export class ClaimHosts {
  constructor(
    private readonly placement: Claims,
    private readonly hardware: GivenHardware,
  ) {}

  /** @throws AppError `conflict`, code `scheduler.claim.held`, when an instance that is to move holds something else. */
  async run(ctx: Ctx, source: HostSource, run: ClaimRun): Promise<ClaimHostsResult> {
    const progress: Progress = {
      byInstance: new Map(),
      laid: new Map(),
      refused: new Set(),
      lost: [],
      ways: new Ways(),
      isCertain: true,
    };
    // What an earlier run gave them is laid anew: it is not to stand in their own way.
    for (const uuid of run.instances) this.hardware.forget(uuid);
    let pending = run.instances;
    const found: HostsFound[] = [];
    let placing: PlacingRun | undefined;
    for (let hosts = await source.next(); hosts !== undefined; hosts = await source.next()) {
      found.push(hosts.found);
      placing = this.#begin(hosts.found, run, progress);
      const apart = run.spec.instance_group === null ? [] : placing.refusals();
      pending = await this.#claimAll(ctx, pending, placing, run, progress, hosts);
      if (pending.length > 0) continue;
      const verdicts = [...hosts.found.verdicts, ...apart, ...progress.lost];
      return { outcome: 'claimed', byInstance: progress.byInstance, placing, found, verdicts };
    }
    if (placing === undefined) throw new Error('a source of hosts gives some, if none of them fits');
    for (const uuid of progress.laid.keys()) this.hardware.forget(uuid);
    // In mode `add` an instance holds what is in use as well: what it got here is given back by whoever asked.
    if (run.mode !== 'add') await releaseAll(this.placement, ctx, [...progress.byInstance.keys()]);
    const verdicts = [...(found.at(-1)?.verdicts ?? []), ...progress.lost, ...placing.refusals()];
    return { outcome: 'not-enough', placing, found, verdicts, isCertain: progress.isCertain };
  }

  /** A server group is weighed by where its members are: its rankings are its own. */
  #begin({ ranking }: HostsFound, { spec, rules, facts }: ClaimRun, { refused, byInstance, laid }: Progress): PlacingRun {
    const own = spec.instance_group === null ? ranking : ranking.fork(spec, facts);
    const placing = new PlacingRun(own, spec, rules, facts, refused);
    for (const [uuid, host] of byInstance) placing.adopted(host, laid.get(uuid));
    return placing;
  }

  /** Answers with the instances that got no host out of this ranking. */
  async #claimAll(
    ctx: Ctx,
    instances: readonly string[],
    placing: PlacingRun,
    run: ClaimRun,
    progress: Progress,
    { isShared }: SharedHosts,
  ): Promise<readonly string[]> {
    const queue = [...instances];
    const left: string[] = [];
    const lossesBefore = progress.lost.length;
    const isWorn = () => isShared && progress.lost.length - lossesBefore >= LOSSES_WHILE_SHARED;
    const worker = async (): Promise<void> => {
      for (let uuid = queue.shift(); uuid !== undefined; uuid = queue.shift()) {
        const host = await this.#place(ctx, uuid, placing, run, progress, isWorn);
        if (host === undefined) left.push(uuid);
        else progress.byInstance.set(uuid, host);
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: Math.min(CONCURRENT_CLAIMS, queue.length) }, worker));
    const failed = workers.find((settled) => settled.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return left;
  }

  /** One host after the other, until one is the instance's. */
  async #place(
    ctx: Ctx,
    uuid: string,
    placing: PlacingRun,
    run: ClaimRun,
    progress: Progress,
    isWorn: () => boolean,
  ): Promise<HostState | undefined> {
    let stale = 0;
    while (!isWorn()) {
      const host = placing.take();
      if (host === undefined) return undefined;
      const result = await this.#claimOne(ctx, uuid, host, placing, run, progress.ways);
      if (result.outcome === 'on') {
        this.#noteHardware(uuid, host, placing, progress);
        return result.host;
      }
      if (result.outcome === 'held') {
        placing.putBack(host);
        if (result.host !== undefined && placing.admits(result.host)) {
          placing.adopted(result.host);
          this.#noteHardware(uuid, result.host, placing, progress);
          return result.host;
        }
        await this.placement.release(ctx, uuid);
        if (++stale <= STALE_CLAIMS) continue;
        progress.lost.push(verdictOf(host, 'claim', 'claim', 'claims of other runs'));
        progress.isCertain = false;
        return undefined;
      }
      placing.lost(host);
      progress.lost.push(verdictOf(host, 'claim', 'claim', result.reason));
      progress.isCertain &&= result.isCertain;
    }
    return undefined;
  }

  #noteHardware(uuid: string, host: HostState, placing: PlacingRun, { laid }: Progress): void {
    const held = placing.laidOn(host);
    if (held === undefined) return;
    laid.set(uuid, held);
    this.hardware.note(host.facts.computeNodeUuid, uuid, held);
  }

  /** The host's ways to allocate, in order, until one is ours. What another instance of the request has tried comes last. */
  async #claimOne(ctx: Ctx, uuid: string, host: HostState, placing: PlacingRun, run: ClaimRun, ways: Ways): Promise<ClaimedOne> {
    const owner = { consumer: uuid, projectId: run.spec.project_id, userId: run.spec.user_id };
    let reason = 'what it offers was taken meanwhile';
    for (let tried = 0; tried < CANDIDATES_TRIED; tried++) {
      const request = ways.next(host.candidates);
      if (request === undefined) return { outcome: 'lost', reason, isCertain: true };
      const result = await this.placement.claim(ctx, owner, request, run.mode);
      switch (result.outcome) {
        case 'claimed':
          return { outcome: 'on', host: { ...host, candidates: [request] } };
        case 'adopted': {
          const held = holderOf(result.allocations, [host, ...placing.hosts()]) ?? (await run.holder(result.allocations));
          const isThis = held?.facts.computeNodeUuid === host.facts.computeNodeUuid;
          return held !== undefined && isThis ? { outcome: 'on', host: held } : { outcome: 'held', host: held };
        }
        case 'no-capacity':
        case 'invalid':
          ways.refuse(request);
          reason = result.reason;
          break;
        case 'contended':
          return { outcome: 'lost', reason: 'other writers of the provider kept getting in between', isCertain: false };
        case 'conflict':
          throw heldElsewhere(owner.consumer);
      }
    }
    return { outcome: 'lost', reason, isCertain: !ways.isAnyOpen(host.candidates) };
  }
}

const heldElsewhere = (instanceUuid: string) =>
  conflict(
    'scheduler.claim.held',
    `Instance ${instanceUuid} holds allocations of its own: they have to be moved to its migration before it can be scheduled.`,
    { instance: instanceUuid },
  );

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
