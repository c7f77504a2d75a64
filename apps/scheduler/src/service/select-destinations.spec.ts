import type { AllocationRequest } from '@kilonova/compute-objects';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CandidatesAnswer } from '../model/candidates.js';
import { FILTERS } from '../model/filters/index.js';
import type { AggregateFacts, HostFacts } from '../model/host-state.js';
import { WEIGHERS } from '../model/weighers/index.js';
import { hostState, NOW, requestSpec } from '../testing/builders.js';
import { type ClaimOutcome, SchedulerPlacement } from './placement.port.js';
import { SelectDestinations } from './select-destinations.service.js';
import { SchedulingWorld } from './world.port.js';

/** Placement with slots: each host takes so many claims. */
class SlotPlacement extends SchedulerPlacement {
  readonly version = '1.36';
  readonly claims = new Map<string, string>();
  constructor(readonly slots: Map<string, number>) {
    super();
  }
  candidates(): Promise<CandidatesAnswer> {
    const uuids = [...this.slots.keys()];
    return Promise.resolve({
      allocation_requests: uuids.map((uuid) => ({ allocations: { [uuid]: { resources: { VCPU: 1 } } } })),
      provider_summaries: Object.fromEntries(
        uuids.map((uuid) => [uuid, { root_provider_uuid: uuid, resources: { VCPU: { capacity: 8, used: 0 } } }]),
      ),
    });
  }
  claim(_ctx: unknown, instance: string, request: AllocationRequest): Promise<ClaimOutcome> {
    const uuid = Object.keys(request.allocations)[0] as string;
    const held = this.claims.get(instance);
    if (held !== undefined) return Promise.resolve({ outcome: 'held', allocations: { [held]: { resources: { VCPU: 1 } } } });
    const left = this.slots.get(uuid) ?? 0;
    if (left === 0) return Promise.resolve({ outcome: 'rejected', reason: 'full' });
    this.slots.set(uuid, left - 1);
    this.claims.set(instance, uuid);
    return Promise.resolve({ outcome: 'claimed' });
  }
  release(_ctx: unknown, instance: string): Promise<void> {
    const uuid = this.claims.get(instance);
    if (uuid !== undefined) this.slots.set(uuid, (this.slots.get(uuid) ?? 0) + 1);
    this.claims.delete(instance);
    return Promise.resolve();
  }
}

class StaticWorld extends SchedulingWorld {
  constructor(readonly known: readonly HostFacts[]) {
    super();
  }
  hosts = (): Promise<readonly HostFacts[]> => Promise.resolve(this.known);
  aggregates = (): Promise<readonly AggregateFacts[]> => Promise.resolve([]);
  nodesOf = (_ctx: unknown, host: string | null): Promise<readonly string[]> =>
    Promise.resolve(this.known.filter((fact) => fact.host === host).map((fact) => fact.computeNodeUuid));
  hostsOfInstances = (): Promise<Record<string, string>> => Promise.resolve({});
}

const options = {
  maxPlacementResults: 1000,
  maxAttempts: 3,
  serviceDownTime: 60,
  defaultAvailabilityZone: 'nova',
  limitTenantsToPlacementAggregate: false,
  placementAggregateRequiredForTenants: false,
  queryPlacementForImageTypeSupport: false,
  enableIsolatedAggregateFiltering: false,
  rules: { filters: FILTERS, weighers: WEIGHERS, multipliers: {}, hostSubsetSize: 1, random: () => 0 },
};

describe('select_destinations', () => {
  let placement: SlotPlacement;
  let select: SelectDestinations;
  const ctx = systemCtx();
  const world = new StaticWorld(['a', 'b', 'c'].map((name) => hostState(name).facts));
  const run = (instance_uuids: string[], spec = requestSpec()) =>
    select.run(ctx, { request_spec: spec, instance_uuids, return_alternates: true });

  beforeEach(() => {
    placement = new SlotPlacement(
      new Map([
        ['node-a', 0],
        ['node-b', 1],
        ['node-c', 2],
      ]),
    );
    select = new SelectDestinations(placement, world, options, () => NOW);
  });

  it('goes to the next host when a claim is lost, and names alternates of the cell', async () => {
    const result = await run(['i1']);
    if (result.outcome !== 'selected') throw new Error(result.reason);
    const [list] = result.selections;
    expect(placement.claims.get('i1')).toBe(list?.[0]?.compute_node_uuid);
    expect(list?.length).toBeGreaterThan(1);
  });

  it('places all of a request or none', async () => {
    expect((await run(['i1', 'i2', 'i3'])).outcome).toBe('selected');
    placement.claims.clear();
    const result = await run(['j1']);
    expect(result).toMatchObject({ outcome: 'no-valid-host', reason: 'There are not enough hosts available.' });
  });

  it('gives back what it claimed when one instance finds no host', async () => {
    const result = await run(['i1', 'i2', 'i3', 'i4']);
    expect(result.outcome).toBe('no-valid-host');
    expect(placement.claims.size).toBe(0);
    expect([...placement.slots.values()].reduce((sum, left) => sum + left, 0)).toBe(3);
  });

  it('adopts the claim of an earlier run of the same request', async () => {
    placement.claims.set('i1', 'node-b');
    const result = await run(['i1']);
    if (result.outcome !== 'selected') throw new Error(result.reason);
    expect(result.selections[0]?.[0]?.service_host).toBe('b');
  });

  it('gives a reason for every host when there is none', async () => {
    placement = new SlotPlacement(
      new Map([
        ['node-a', 0],
        ['node-b', 0],
        ['node-c', 0],
      ]),
    );
    select = new SelectDestinations(placement, world, options, () => NOW);
    const result = await run(['i1']);
    if (result.outcome !== 'no-valid-host') throw new Error('placed');
    expect(new Set(result.verdicts.map((verdict) => verdict.host))).toEqual(new Set(['a', 'b', 'c']));
    expect(result.verdicts.every((verdict) => verdict.reason !== '')).toBe(true);
  });

  it('says which host does not exist when one was asked for', async () => {
    const spec = requestSpec({ requested_destination: { host: 'nowhere', node: null, cell: null } });
    expect(await run(['i1'], spec)).toMatchObject({ reason: 'No such host - host: nowhere node: None ' });
  });
});
