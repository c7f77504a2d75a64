import type { NodeHardware, RequestSpec } from '@kilonova/compute-objects';
import { type AllocationRequest, MemoryPlacement } from '@kilonova/placement-client';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_FILTER_OPTIONS, FILTERS } from '../model/filters/index.js';
import type { AggregateFacts, HostFacts } from '../model/host-state.js';
import { WEIGHERS } from '../model/weighers/index.js';
import { flavor, hostState, NO_NETWORKS, NOW, requestSpec } from '../testing/builders.js';
import { type FromCells, SchedulingWorld } from '../world/world.port.js';
import { CountCapacity } from './count-capacity.service.js';
import { SelectDestinations } from './select-destinations.service.js';

/** Hosts a, b, c of cell1 and d of cell2; a cell named silent does not answer. */
class StaticWorld extends SchedulingWorld {
  readonly silent = new Set<string>();
  readonly #known = [...['a', 'b', 'c'].map((name) => hostState(name)), hostState('d', { cell: 'cell2' })].map(
    (one) => one.facts,
  );

  /** Noticed when the picture is read anew. */
  enableLater(...hosts: string[]): void {
    this.refresh = async () => {
      for (const fact of this.#known)
        if (hosts.includes(fact.host)) Object.assign(fact, { service: { ...fact.service, disabled: false } });
    };
  }
  furnish(host: string, hardware: NodeHardware): void {
    for (const fact of this.#known) if (fact.host === host) Object.assign(fact, { hardware });
  }
  disable(...hosts: string[]): void {
    for (const fact of this.#known)
      if (hosts.includes(fact.host)) Object.assign(fact, { service: { ...fact.service, disabled: true } });
  }
  #answering(): readonly HostFacts[] {
    return this.#known.filter((fact) => !this.silent.has(fact.cellUuid));
  }
  async hosts(_ctx: unknown, uuids: readonly string[]): Promise<FromCells<readonly HostFacts[]>> {
    const found = this.#answering().filter((fact) => uuids.includes(fact.computeNodeUuid));
    return { found, silent: found.length === uuids.length ? [] : [...this.silent] };
  }
  aggregates = (): Promise<readonly AggregateFacts[]> => Promise.resolve([]);
  async nodesOf(_ctx: unknown, host: string | null): Promise<FromCells<readonly string[]>> {
    const found = this.#answering().filter((fact) => fact.host === host);
    return { found: found.map((fact) => fact.computeNodeUuid), silent: [...this.silent] };
  }
  refresh = (): Promise<void> => Promise.resolve();
  hostsOfInstances = (): Promise<FromCells<Record<string, string>>> => Promise.resolve({ found: {}, silent: [...this.silent] });
}

const options = {
  maxPlacementResults: 1000,
  candidateSample: 200,
  rankingAgeMs: 1_000,
  filters: DEFAULT_FILTER_OPTIONS,
  maxAttempts: 3,
  serviceDownTime: 60,
  defaultAvailabilityZone: 'nova',
  limitTenantsToPlacementAggregate: false,
  placementAggregateRequiredForTenants: false,
  queryPlacementForImageTypeSupport: false,
  enableIsolatedAggregateFiltering: false,
  imageMetadataPrefilter: false,
  rules: { filters: FILTERS, weighers: WEIGHERS, multipliers: {}, hostSubsetSize: 1, random: () => 0 },
};

const ctx = systemCtx();
const ROOMY = { MEMORY_MB: 1_000_000, DISK_GB: 1000 };
let placement: MemoryPlacement;
let world: StaticWorld;
let select: SelectDestinations;

const run = (instance_uuids: string[], spec: RequestSpec = requestSpec(), claim_mode?: 'build' | 'move') =>
  select.run(ctx, { request_spec: spec, instance_uuids, return_alternates: true, claim_mode });

async function selected(...args: Parameters<typeof run>) {
  const result = await run(...args);
  if (result.outcome !== 'selected') throw new Error(result.reason);
  return result.selections.map((list) => list.map((one) => one.service_host));
}

/** Placement goes on offering these hosts though others have taken them meanwhile. */
function stale(...filled: string[]): void {
  const search = placement.candidates.bind(placement);
  placement.candidates = async (of, query) => {
    const found = await search(of, query);
    for (const uuid of filled) placement.fill(uuid);
    return found;
  };
}

beforeEach(() => {
  placement = new MemoryPlacement();
  for (const [name, vcpus] of [
    ['a', 1],
    ['b', 1],
    ['c', 2],
  ] as const)
    placement.addRoot(`node-${name}`, { VCPU: vcpus, ...ROOMY });
  world = new StaticWorld();
  select = new SelectDestinations(placement, world, options, NO_NETWORKS, () => NOW);
});

describe('select_destinations', () => {
  it('goes to the next host when a claim is lost, and names alternates of the cell', async () => {
    stale('node-c');
    const [list] = await selected(['i1']);
    expect(placement.held.get('i1')).toBe(`node-${list?.[0]}`);
    expect(list?.[0]).not.toBe('c');
    expect(list?.length).toBeGreaterThan(1);
  });

  it('S1-28: takes one card of a host after the other, and tries none again that was refused', async () => {
    select = new SelectDestinations(
      placement,
      world,
      { ...options, rules: { ...options.rules, filters: [] } },
      NO_NETWORKS,
      () => NOW,
    );
    const cards = Array.from({ length: 20 }, (_, index) => `card-${index}`);
    for (const card of cards) placement.addRoot(card, { VGPU: 1 });
    const way = (card: string): AllocationRequest => ({
      allocations: { 'node-c': { resources: { VCPU: 1 } }, [card]: { resources: { VGPU: 1 } } },
    });
    placement.addRoot('node-c', { VCPU: 100, ...ROOMY });
    const summary = { resources: { VCPU: { capacity: 100, used: 0 } }, traits: [], parent_provider_uuid: null };
    placement.candidates = async () => ({
      outcome: 'found',
      candidates: {
        allocation_requests: cards.map(way),
        provider_summaries: {
          'node-c': { ...summary, root_provider_uuid: 'node-c' },
          ...Object.fromEntries(cards.map((card) => [card, { ...summary, resources: {}, root_provider_uuid: 'node-c' }])),
        },
      },
    });
    const claim = placement.claim.bind(placement);
    let refusals = 0;
    placement.claim = async (...given) => {
      const result = await claim(...given);
      if (result.outcome === 'no-capacity') refusals += 1;
      return result;
    };
    const servers = Array.from({ length: 20 }, (_, index) => `i${index}`);
    expect(await selected(servers)).toEqual(servers.map(() => ['c']));
    const taken = await Promise.all(
      servers.map(async (uuid) => Object.keys((await placement.allocationsOf(ctx, uuid)).allocations)),
    );
    expect(new Set(taken.map((providers) => providers.find((one) => one.startsWith('card'))))).toEqual(new Set(cards));
    expect(refusals).toBeLessThan(40);
  });

  it('places all of a request or none', async () => {
    expect((await selected(['i1', 'i2', 'i3', 'i4'])).length).toBe(4);
    expect(await run(['j1'])).toMatchObject({ outcome: 'no-valid-host' });
  });

  it('gives back what it claimed when one instance finds no host', async () => {
    stale('node-a');
    const result = await run(['i1', 'i2', 'i3', 'i4']);
    expect(result).toMatchObject({ outcome: 'no-valid-host', reason: 'There are not enough hosts available.' });
    expect(placement.held.size).toBe(0);
  });

  it('gives a reason for every host when there is none', async () => {
    stale('node-a', 'node-b', 'node-c');
    const result = await run(['i1']);
    if (result.outcome !== 'no-valid-host') throw new Error('placed');
    expect(new Set(result.verdicts.map((verdict) => verdict.host))).toEqual(new Set(['a', 'b', 'c']));
    expect(result.verdicts.every((verdict) => verdict.reason !== '')).toBe(true);
  });

  it('says which host does not exist when one was asked for', async () => {
    const spec = requestSpec({ requested_destination: { host: 'nowhere', node: null, cell: null } });
    expect(await run(['i1'], spec)).toMatchObject({ reason: 'No such host - host: nowhere node: None ' });
  });

  it('tries the other ways to allocate on a host when the first is taken', async () => {
    placement.addRoot('numa-1', { VCPU: 1 });
    placement.addRoot('numa-2', { VCPU: 1 });
    placement.fill('numa-1');
    const way = (child: string): AllocationRequest => ({
      allocations: { 'node-a': { resources: { MEMORY_MB: 512 } }, [child]: { resources: { VCPU: 1 } } },
    });
    placement.candidates = async () => ({
      outcome: 'found',
      candidates: {
        allocation_requests: [way('numa-1'), way('numa-2')],
        provider_summaries: Object.fromEntries(
          ['node-a', 'numa-1', 'numa-2'].map((uuid) => [
            uuid,
            { root_provider_uuid: 'node-a', parent_provider_uuid: null, resources: {}, traits: [] },
          ]),
        ),
      },
    });
    const result = await run(['i1']);
    expect(result).toMatchObject({ outcome: 'selected', selections: [[{ allocation_request: way('numa-2') }]] });
    expect((await placement.allocationsOf(ctx, 'i1')).allocations).toEqual(way('numa-2').allocations);
  });
});

describe('requests for the like', () => {
  let questions: string[];
  let claims: number;
  beforeEach(() => {
    [questions, claims] = [[], 0];
    const [search, claim] = [placement.candidates.bind(placement), placement.claim.bind(placement)];
    placement.candidates = (of, query) => {
      questions.push(query);
      return search(of, query);
    };
    placement.claim = (...given) => {
      claims++;
      return claim(...given);
    };
  });
  const places = async (uuid: string, spec?: RequestSpec) => (await selected([uuid], spec))[0]?.[0];

  it('share a question, and see at once what each of them takes', async () => {
    const hosts = await Promise.all(['i1', 'i2', 'i3', 'i4'].map((uuid) => places(uuid)));
    expect(hosts.sort()).toEqual(['a', 'b', 'c', 'c']);
    expect([questions.length, claims]).toEqual([2, 4]);
  });

  it('do not share what differs in size or in who may be where', async () => {
    await places('i1');
    await places('i2', requestSpec({ flavor: { ...flavor(), memory_mb: 1024 } }));
    await places('i3', requestSpec({ ignore_hosts: ['a'] }));
    expect(questions).toHaveLength(3);
    await places('i4');
    expect(questions).toHaveLength(3);
  });

  it('find the room that was given back since, before they say that there is none', async () => {
    for (const uuid of ['i1', 'i2', 'i3', 'i4']) await places(uuid);
    await placement.release(ctx, 'i2');
    const [only] = (await selected(['i5']))[0] ?? [];
    expect(placement.held.get('i5')).toBe(`node-${only}`);
    expect(await run(['i6'])).toMatchObject({ outcome: 'no-valid-host' });
  });

  it('lose a claim at the price of one more', async () => {
    await places('i1');
    placement.fill('node-a');
    placement.fill('node-b');
    claims = 0;
    expect(await places('i2')).toBe('c');
    expect(claims).toBeLessThanOrEqual(3);
    expect(questions).toHaveLength(1);
  });

  it('look at more hosts when those of a sample do not do', async () => {
    select = new SelectDestinations(placement, world, { ...options, candidateSample: 1 }, NO_NETWORKS, () => NOW);
    expect(await places('i1', requestSpec({ ignore_hosts: ['a'] }))).not.toBe('a');
    expect(questions.map((query) => new URLSearchParams(query).get('limit'))).toEqual(['1', '1000']);
  });

  it('are refused only after the picture was read anew', async () => {
    world.disable('a', 'b', 'c', 'd');
    expect(await run(['i1'])).toMatchObject({ outcome: 'no-valid-host' });
    world.enableLater('c');
    expect(await places('i2')).toBe('c');
  });

  it('see a host that was disabled since', async () => {
    await places('i1');
    world.disable('a', 'b');
    expect(await places('i2')).toBe('c');
    expect(questions).toHaveLength(1);
  });
});

describe('cells and devices of a host', () => {
  const pinned = requestSpec({ flavor: { ...flavor({ 'hw:cpu_policy': 'dedicated' }), vcpus: 2 }, force_hosts: [] });
  beforeEach(() => {
    for (const name of ['a', 'b']) placement.fill(`node-${name}`);
    placement.addRoot('node-c', { VCPU: 99, PCPU: 99, ...ROOMY });
    const cell = { id: 0, socket: 0, cpus: [], pcpus: [0, 1, 2, 3, 4, 5], siblings: [], memory_mb: 9_999, pages: [] };
    world.furnish('c', { cells: [cell], pools: [], cpu_ratio: 1, ram_ratio: 1, held: {} });
  });

  it('are given once, though the second of two servers is looked for with a question of its own', async () => {
    expect(await selected(['i1', 'i2'], pinned)).toEqual([['c'], ['c']]);
    expect(await run(['i3', 'i4'], pinned)).toMatchObject({
      outcome: 'no-valid-host',
      verdicts: expect.arrayContaining([expect.objectContaining({ host: 'c', rule: 'NUMATopologyFilter' })]),
    });
    expect([...placement.held.keys()]).toEqual(['i1', 'i2']);
  });

  it('are there again when not all of a request found some', async () => {
    await run(['i1', 'i2', 'i3', 'i4'], pinned);
    expect(placement.held.size).toBe(0);
    expect(await selected(['i5', 'i6', 'i7'], pinned)).toEqual([['c'], ['c'], ['c']]);
  });

  it('are taken over by a build that is scheduled again, though nobody else would get any', async () => {
    const all = ['i1', 'i2', 'i3'];
    await selected(all, pinned);
    expect(await selected(all, pinned)).toEqual([['c'], ['c'], ['c']]);
    expect((await run(['i4'], pinned)).outcome).toBe('no-valid-host');
  });

  it('count for a wider question of the same request, and nothing of them for others when it is only tried', async () => {
    select = new SelectDestinations(placement, world, { ...options, candidateSample: 1 }, NO_NETWORKS, () => NOW);
    for (const name of ['a', 'b']) placement.addRoot(`node-${name}`, { VCPU: 99, PCPU: 99, ...ROOMY });
    const wide = { ...pinned, flavor: { ...pinned.flavor, vcpus: 4 } };
    const tried = await select.attempt(ctx, { request_spec: wide, instance_uuids: ['i1', 'i2'] });
    expect(tried.outcome).toBe('no-valid-host');
    expect((await run(['i3', 'i4'], wide)).outcome).toBe('no-valid-host');
    expect(await selected(['i5', 'i6', 'i7'], pinned)).toEqual([['c'], ['c'], ['c']]);
  });
});

describe('networks of a request', () => {
  it('decide where placement looks, and that nobody can be there', async () => {
    let routes = [{ of: 'network n', aggregates: ['agg'] }];
    const networks = { of: async () => ({ rootRequired: ['COMPUTE_REMOTE_MANAGED_PORTS'], routes }) };
    select = new SelectDestinations(placement, world, options, networks, () => NOW);
    const search = placement.candidates.bind(placement);
    const asked: string[] = [];
    placement.candidates = (of, query) => search(of, (asked.push(query), query.replace('COMPUTE_REMOTE_MANAGED_PORTS%2C', '')));
    await selected(['i1']);
    const query = new URLSearchParams(asked[0]);
    expect([query.get('member_of'), query.get('root_required')]).toEqual([
      'in:agg',
      'COMPUTE_REMOTE_MANAGED_PORTS,!COMPUTE_STATUS_DISABLED',
    ]);
    routes = [{ of: 'network n', aggregates: [] }];
    expect(await run(['i2'])).toMatchObject({ reason: 'Aggregates not found for the network n' });
  });
});

describe('a build that is scheduled again', () => {
  it('adopts the claim of its earlier run', async () => {
    placement.hold('i1', 'node-b');
    expect((await selected(['i1']))[0]?.[0]).toBe('b');
  });

  it('adopts it when it was the last room anywhere', async () => {
    for (const name of ['a', 'c']) placement.fill(`node-${name}`);
    placement.hold('i1', 'node-b');
    expect(await selected(['i1'])).toEqual([['b']]);
    expect(placement.released).toEqual([]);
  });

  it('gives it back where its host does not fit any more', async () => {
    placement.hold('i1', 'node-b');
    expect((await selected(['i1'], requestSpec({ ignore_hosts: ['b'] })))[0]?.[0]).not.toBe('b');
    expect(placement.held.get('i1')).not.toBe('node-b');
  });
});

describe('a build of a server group that is scheduled again', () => {
  const group = (hosts: string[]) =>
    requestSpec({
      instance_group: {
        uuid: 'g',
        name: 'g',
        project_id: 'p',
        user_id: 'u',
        policy: 'anti-affinity',
        rules: {},
        members: [],
        hosts,
      },
    });

  it('adopts the claim of its earlier run', async () => {
    placement.hold('i1', 'node-b');
    expect((await selected(['i1'], group(['a'])))[0]?.[0]).toBe('b');
    expect(placement.released).toEqual([]);
  });

  it('gives it back where another member came meanwhile', async () => {
    placement.hold('i1', 'node-b');
    expect((await selected(['i1'], group(['a', 'b'])))[0]?.[0]).toBe('c');
    expect(placement.held.get('i1')).toBe('node-c');
  });

  it('does not keep it for want of another host', async () => {
    placement.hold('i1', 'node-b');
    expect(await run(['i1'], group(['a', 'b', 'c']))).toMatchObject({ outcome: 'no-valid-host' });
  });
});

describe('a server that is to move', () => {
  const bigger = () => requestSpec({ flavor: { ...flavor(), vcpus: 2 } });

  it('T2: keeps its live allocation when it is scheduled away from its source', async () => {
    placement.hold('i1', 'node-b');
    await expect(run(['i1'], requestSpec({ ignore_hosts: ['b'] }), 'move')).rejects.toMatchObject({
      kind: 'conflict',
      code: 'scheduler.claim.held',
    });
    expect([placement.held.get('i1'), placement.released]).toEqual(['node-b', []]);
  });

  it('T3: does not take the claim of its old size for the new one', async () => {
    placement.addRoot('node-c', { VCPU: 3, ...ROOMY });
    placement.hold('i1', 'node-c');
    await expect(run(['i1'], bigger(), 'move')).rejects.toMatchObject({ code: 'scheduler.claim.held' });
    expect((await placement.allocationsOf(ctx, 'i1')).allocations).toEqual({ 'node-c': { resources: { VCPU: 1 } } });
  });

  it('T3: gets the new size on its own host beside what its migration holds', async () => {
    placement.addRoot('node-c', { VCPU: 3, ...ROOMY });
    placement.hold('i1', 'node-c');
    await placement.moveTo(ctx, 'i1', 'm1');
    expect((await selected(['i1'], bigger(), 'move'))[0]?.[0]).toBe('c');
    expect((await placement.allocationsOf(ctx, 'i1')).allocations['node-c']?.resources['VCPU']).toBe(2);
    expect(placement.held.get('m1')).toBe('node-c');
  });
});

describe('what cannot be found out now', () => {
  const unknown = { kind: 'dependency', code: 'scheduler.hosts.unknown' };

  beforeEach(() => placement.addRoot('node-d'));

  it('does not matter while another cell has a host, and its hosts are not chosen', async () => {
    world.silent.add('cell2');
    expect((await selected(['i1']))[0]?.[0]).not.toBe('d');
  });

  it('is asked again when a cell that may have a host does not answer', async () => {
    world.silent.add('cell2');
    for (const name of ['a', 'b', 'c']) placement.fill(`node-${name}`);
    await expect(run(['i1'])).rejects.toMatchObject(unknown);
  });

  it('is asked again when the host that was asked for may be in a cell that does not answer', async () => {
    world.silent.add('cell2');
    const spec = requestSpec({ requested_destination: { host: 'd', node: null, cell: null } });
    await expect(run(['i1'], spec)).rejects.toMatchObject(unknown);
  });

  it('is asked again when the instance that a hint names may be in a cell that does not answer', async () => {
    world.silent.add('cell2');
    const spec = requestSpec({ scheduler_hints: { same_host: ['other'] } });
    await expect(run(['i1'], spec)).rejects.toMatchObject(unknown);
  });

  it('is asked again when a claim was not decided', async () => {
    placement.claim = async () => ({ outcome: 'contended' });
    await expect(run(['i1'])).rejects.toMatchObject(unknown);
  });

  it('is asked again when the only hosts are in a cell that took nothing a moment ago', async () => {
    const args = { request_spec: requestSpec(), instance_uuids: ['i1'], return_alternates: true };
    const elsewhere = await select.run(ctx, { ...args, ignore_cells: ['cell1'] });
    expect(elsewhere).toMatchObject({ outcome: 'selected', selections: [[{ service_host: 'd' }]] });
    placement.fill('node-d');
    await expect(select.run(ctx, { ...args, instance_uuids: ['i2'], ignore_cells: ['cell1'] })).rejects.toMatchObject(unknown);
  });

  it('is asked again when placement does not answer', async () => {
    placement.isDown = true;
    await expect(run(['i1'])).rejects.toMatchObject({ kind: 'dependency', code: 'placement.unavailable' });
  });
});

describe('S0-12: the host that a server is on, asked about another image', () => {
  const asked = (properties: Record<string, string>) =>
    select.run(ctx, {
      request_spec: requestSpec({ image: { id: 'i', properties } as never }),
      instance_uuids: ['i1'],
      return_alternates: false,
      claim_mode: 'check',
    });

  it('is selected without a claim when it still fits, and refused with the reason when not', async () => {
    await run(['i1']);
    const held = await placement.allocationsOf(ctx, 'i1');
    expect(await asked({})).toMatchObject({ outcome: 'selected', selections: [[{ service_host: expect.any(String) }]] });
    expect(await asked({ hw_architecture: 'z80' })).toMatchObject({
      outcome: 'no-valid-host',
      verdicts: [{ rule: 'ImagePropertiesFilter' }],
    });
    expect(await asked({ 'trait:CUSTOM_NONE': 'required' })).toMatchObject({
      outcome: 'no-valid-host',
      reason: expect.stringContaining('current resource providers'),
    });
    expect(await placement.allocationsOf(ctx, 'i1')).toEqual(held);
  });
});

describe('count_capacity', () => {
  const count = (spec = requestSpec()) => new CountCapacity(placement, world, options, NO_NETWORKS, () => NOW).run(ctx, spec);

  it('counts what fits on each host, less the hosts that would not be chosen, and claims nothing', async () => {
    placement.addRoot('node-c', { VCPU: 5, ...ROOMY });
    await run(['i1'], requestSpec({ force_hosts: ['c'] }));
    world.disable('a');
    const held = placement.held.size;
    expect(await count()).toEqual({
      total: 5,
      is_complete: true,
      hosts: [
        { host: 'c', cell_uuid: 'cell1', availability_zone: 'nova', count: 4 },
        { host: 'b', cell_uuid: 'cell1', availability_zone: 'nova', count: 1 },
      ],
      refused: [{ stage: 'filter', rule: 'ComputeFilter', hosts: 1 }],
      reason: '',
    });
    expect(placement.held.size).toBe(held);
  });

  it('agrees with what can be booted', async () => {
    const { total } = await count();
    expect((await selected(Array.from({ length: total }, (_, n) => `i${n}`))).length).toBe(total);
    expect([(await count()).total, (await run(['one-more'])).outcome]).toEqual([0, 'no-valid-host']);
  });

  it('says that there may be more while a cell is silent, and why there is nothing at all', async () => {
    placement.addRoot('node-d');
    world.silent.add('cell2');
    expect(await count()).toMatchObject({ total: 4, is_complete: false });
    const nowhere = requestSpec({ requested_destination: { host: 'nowhere', node: null, cell: null } });
    expect(await count(nowhere)).toMatchObject({ total: 0, reason: 'No such host - host: nowhere node: None ' });
  });
});
