import type { SelectDestinationsResult } from '@kilonova/compute-objects';
import { MemoryPlacement } from '@kilonova/placement-client';
import { systemCtx } from '@kilonova/util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FILTER_OPTIONS, FILTERS } from '../model/filters/index.js';
import type { HostFacts } from '../model/host-state.js';
import { WEIGHERS } from '../model/weighers/index.js';
import { hostState, NO_NETWORKS, NOW, requestSpec } from '../testing/builders.js';
import { SchedulingWorld } from '../world/world.port.js';
import { SelectDestinations } from './select-destinations.service.js';
import { TrialPlacement } from './trial-placement.js';

const ctx = systemCtx();

interface HostOf {
  readonly vcpus: number;
  readonly disabled: boolean;
  readonly cell: string;
  /** Members of the request's group that are here already. */
  readonly members: number;
}

class Hosts extends SchedulingWorld {
  constructor(private readonly known: readonly HostFacts[]) {
    super();
  }
  hosts = async (_ctx: unknown, uuids: readonly string[]) => ({
    found: this.known.filter((fact) => uuids.includes(fact.computeNodeUuid)),
    silent: [],
  });
  aggregates = async () => [];
  nodesOf = async () => ({ found: [], silent: [] });
  hostsOfInstances = async () => ({ found: {}, silent: [] });
  refresh = async () => undefined;
}

function cloudOf(hosts: readonly HostOf[], maxPlacementResults: number) {
  const placement = new MemoryPlacement();
  const facts = hosts.map(({ vcpus, disabled, cell }, index) => {
    placement.addRoot(`node-h${index}`, { VCPU: vcpus, MEMORY_MB: 1024 * (vcpus + index), DISK_GB: 100 });
    const { facts: fact } = hostState(`h${index}`, { cell });
    return { ...fact, service: { ...fact.service, disabled } };
  });
  const rules = { filters: FILTERS, weighers: WEIGHERS, multipliers: {}, hostSubsetSize: 1, random: () => 0 };
  const options = {
    maxPlacementResults,
    candidateSample: 2,
    rankingAgeMs: 60_000,
    filters: DEFAULT_FILTER_OPTIONS,
    maxAttempts: 3,
    serviceDownTime: 60,
    defaultAvailabilityZone: 'nova',
    limitTenantsToPlacementAggregate: false,
    placementAggregateRequiredForTenants: false,
    queryPlacementForImageTypeSupport: false,
    enableIsolatedAggregateFiltering: false,
    imageMetadataPrefilter: false,
    rules,
  };
  return { placement, select: new SelectDestinations(placement, new Hosts(facts), options, NO_NETWORKS, () => NOW) };
}

const hostOf = fc.record({
  vcpus: fc.integer({ min: 0, max: 4 }),
  disabled: fc.boolean(),
  cell: fc.constantFrom('cell1', 'cell2'),
  members: fc.integer({ min: 0, max: 2 }),
});
/** The sample's one host is full when the wider question is put. */
const FILLED_BY_A_SAMPLE = [false, true, true, true].map((disabled) => ({ vcpus: 1, disabled, cell: 'cell1', members: 0 }));
/** One host cannot take both members: the second look at it is not to be led by what the first has taken. */
const TOO_SMALL_FOR_TWO = [0, 1].map(() => ({ vcpus: 1, disabled: false, cell: 'cell1', members: 0 }));
const POLICIES = ['none', 'affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'] as const;

/** All but the way there: a boot may begin with what others asked a moment ago, and weighs by what it took meanwhile. */
const decision = ({ trace, verdicts = [], ...result }: SelectDestinationsResult) => ({
  ...result,
  verdicts: verdicts.toSorted((a, b) => String(a.host).localeCompare(String(b.host))),
  refused: trace?.refused,
  placed: trace?.placed,
});

describe('a trial of a boot', () => {
  it('says what the boot that follows comes to, leaves nothing behind, and is forgotten by others', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostOf, { maxLength: 6 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(...POLICIES),
        fc.constantFrom(3, 1_000),
        async (hosts, count, policy, most) => {
          const { placement, select } = cloudOf(hosts, most);
          const members = hosts.flatMap(({ members: here }, index) => Array.from({ length: here }, () => `h${index}`));
          const group = {
            uuid: 'g',
            name: 'g',
            project_id: 'p',
            user_id: 'u',
            rules: { max_server_per_host: 2 },
            members: [],
            hosts: members,
          };
          const spec = requestSpec(policy === 'none' ? {} : { instance_group: { ...group, policy } });
          const uuids = Array.from({ length: count }, (_, index) => `i${index}`);
          const trial = await select.attempt(ctx, { request_spec: spec, instance_uuids: uuids });
          expect(await select.attempt(ctx, { request_spec: spec, instance_uuids: uuids })).toEqual(trial);
          expect(placement.held.size).toBe(0);
          const boot = await select.run(ctx, { request_spec: spec, instance_uuids: uuids, return_alternates: true });
          expect(decision(trial)).toEqual(decision(boot));
          expect(placement.held.size).toBe(boot.outcome === 'selected' ? count : 0);
        },
      ),
      {
        examples: [
          [FILLED_BY_A_SAMPLE, 2, 'none', 1_000],
          [TOO_SMALL_FOR_TWO, 2, 'affinity', 3],
        ],
      },
    );
  });
});

describe('claims of a trial', () => {
  const of = (provider: string, amount: number) => ({ allocations: { [provider]: { resources: { VGPU: amount } } } });
  const owner = (consumer: string) => ({ consumer, projectId: 'p', userId: 'u' });
  const providerOf = (root: string, capacity: number, used: number) => ({
    resources: { VGPU: { capacity, used } },
    traits: [],
    parent_provider_uuid: root,
    root_provider_uuid: root,
  });
  const candidates = {
    allocation_requests: [of('pgpu', 1), of('pgpu', 2), of('other', 2)],
    provider_summaries: { pgpu: providerOf('node', 3, 1), other: providerOf('node2', 2, 0) },
  };
  const watched = async () => {
    const claims = new TrialPlacement({ candidates: async () => ({ outcome: 'found', candidates }) });
    expect(await claims.candidates(ctx, '')).toEqual({ outcome: 'found', candidates });
    return claims;
  };

  it('count what parts of a tree have, as placement would', async () => {
    const claims = await watched();
    expect(await claims.claim(ctx, owner('a'), of('pgpu', 2))).toEqual({ outcome: 'claimed' });
    expect(await claims.claim(ctx, owner('b'), of('pgpu', 1))).toMatchObject({ outcome: 'no-capacity' });
    await claims.release(ctx, 'a');
    await claims.release(ctx, 'a');
    expect(await claims.claim(ctx, owner('b'), of('pgpu', 2))).toEqual({ outcome: 'claimed' });
    expect(await claims.claim(ctx, owner('c'), of('pgpu', 1))).toMatchObject({ outcome: 'no-capacity' });
  });

  it('count in what placement is asked next: full trees are offered no more', async () => {
    const claims = await watched();
    await claims.claim(ctx, owner('a'), of('pgpu', 1));
    await claims.claim(ctx, owner('b'), of('other', 2));
    const left = { allocation_requests: [of('pgpu', 1)], provider_summaries: { pgpu: providerOf('node', 3, 2) } };
    expect(await claims.candidates(ctx, '')).toEqual({ outcome: 'found', candidates: left });
    await claims.release(ctx, 'a');
    await claims.release(ctx, 'b');
    expect(await claims.candidates(ctx, '')).toEqual({ outcome: 'found', candidates });
  });
});
