import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Heartbeat, ResumedStep, StepRef } from '@kilonova/compute-objects';
import { NotificationEmitter } from '@kilonova/notifications';
import { MemoryPlacement } from '@kilonova/placement-client';
import { eventually } from '@kilonova/testing';
import { type Ctx, systemCtx } from '@kilonova/util';
import type { FakeHardware } from '@kilonova/virt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CellConductor } from '../cell/cell-conductor.client.js';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';
import { ReportHost, type ReportOptions } from '../host/report-host.service.js';
import { SyncProviders } from '../host/sync-providers.service.js';
import { WrittenTrees } from '../host/written-trees.js';
import { RunningSteps } from '../operation/running-steps.js';
import type { StepRunner } from '../operation/step-runner.service.js';
import { managedHost } from '../spec-support/fake-cell.js';
import { HostUpkeep } from './host-upkeep.service.js';

const OPTIONS: ReportOptions = {
  hostIp: '127.0.0.1',
  allocation: {
    cpuAllocationRatio: 4,
    ramAllocationRatio: 1,
    diskAllocationRatio: 1,
    reservedHostCpus: 0,
    reservedHostMemoryMb: 0,
    reservedHostDiskMb: 0,
  },
};

const NAMES = ['h1', 'h2', 'h3'];
let hosts: readonly ManagedHost[];
let placement: MemoryPlacement;
let disabled: Set<string>;
let reported: string[];
let errors: string[];
let refused: string[];
let warned: string[];
let versions: { least: number; nextLeast: number };
let hardware: Readonly<Record<string, FakeHardware>>;
let beats: Heartbeat[];
let stale: string[];
let resumed: Array<ResumedStep & { host: string }>;
let begun: string[];
let running: RunningSteps;
let folder: string;
let upkeep: HostUpkeep;

/** A cell conductor that knows its hosts by what they report. */
const conductor = {
  call: async (_ctx: unknown, message: { name: string }, args: { host: string }) => {
    if (message.name === 'host_work') return { instances: [], steps: resumed.filter((step) => step.host === args.host) };
    if (message.name === 'heartbeat') {
      beats.push(args as unknown as Heartbeat);
      return { hosts: NAMES.map((host) => ({ host, disabled: disabled.has(host) })), stale };
    }
    reported.push(args.host);
    return { host: args.host, disabled: disabled.has(args.host), report_count: 1 };
  },
} as unknown as CellConductor;

const traitsOf = (host: string): ReadonlySet<string> => placement.providers.get(`uuid-${host}`)?.traits ?? new Set();

/** Another provider has the name of this host's node. */
const takeName = (host: string): void =>
  placement.providers.put({ uuid: 'stranger', name: host, parent: null, generation: 0, inventories: {}, traits: new Set() });

beforeEach(async () => {
  placement = new MemoryPlacement();
  [disabled, reported, errors] = [new Set(), [], []];
  [refused, warned, versions, hardware] = [[], [], { least: 0, nextLeast: 0 }, {}];
  [beats, stale, resumed, begun, running] = [[], [], [], [], new RunningSteps()];
  const begin = async (_ctx: Ctx, host: string, ref: StepRef) => void begun.push(`${host} ${ref.step}`);
  const runner = { begin } as unknown as StepRunner;
  hosts = NAMES.map((host) => ({
    ...managedHost([], undefined, host, undefined, undefined, (name) => hardware[name] ?? {}),
    uuidOf: () => `uuid-${host}`,
  }));
  folder = await mkdtemp(join(tmpdir(), 'kilonova-agent-'));
  const emitter = new NotificationEmitter({ notify: async () => undefined } as never, {
    format: 'versioned',
    versionedTopics: ['v'],
    legacyTopics: [],
    onFailure: () => undefined,
  });
  const providers = new SyncProviders(placement, new WrittenTrees(folder), { allocation: OPTIONS.allocation, added: [] });
  const report = new ReportHost(conductor, providers, emitter, OPTIONS);
  upkeep = new HostUpkeep(new ManagedHosts(hosts), conductor, report, runner, running, {
    heartbeatMs: 10,
    resumeGuests: false,
    resourcesMs: 10,
    onError: (_error, what) => void errors.push(what),
    onRefusal: (error, host) => void refused.push(`${host}: ${error.message}`),
    warn: (message) => void warned.push(message),
    get hypervisorVersions() {
      return versions;
    },
  });
});
afterEach(async () => {
  await upkeep.beforeApplicationShutdown();
  await rm(folder, { recursive: true });
});

const aRef: StepRef = { operation_uuid: 'o', instance_uuid: 'i', attempt: 1, step: 'build_and_run_instance' };
const start = () => upkeep.onApplicationBootstrap();

describe('the upkeep of several hosts', () => {
  it('shows each in placement, and hides one that is disabled', async () => {
    await start();
    expect(NAMES.map((name) => placement.providers.get(`uuid-${name}`)?.name)).toEqual(NAMES);
    disabled.add('h2');
    await eventually(() => expect(traitsOf('h2')).toContain('COMPUTE_STATUS_DISABLED'));
    expect(traitsOf('h1')).not.toContain('COMPUTE_STATUS_DISABLED');
  });

  it('goes on for the others, and for its own cell, when placement refuses one', async () => {
    takeName('h1');
    await start();
    expect(placement.providers.get('uuid-h3')).toBeDefined();
    reported.length = 0;
    await eventually(() => expect(new Set(reported)).toEqual(new Set(NAMES)));
    disabled.add('h1').add('h3');
    await eventually(() => expect(traitsOf('h3')).toContain('COMPUTE_STATUS_DISABLED'));
    expect(errors).toContain('report of h1 to placement');
  });

  it('tells placement again that a host is disabled, when it was away', async () => {
    await start();
    placement.isDown = true;
    disabled.add('h2');
    await eventually(() => expect(errors).toContain('report of h2 to placement'));
    placement.isDown = false;
    await eventually(() => expect(traitsOf('h2')).toContain('COMPUTE_STATUS_DISABLED'));
  });

  it('goes on with what each was in the middle of', async () => {
    resumed = [{ ...aRef, host: 'h2', ctx: systemCtx() }];
    await start();
    expect(begun).toEqual(['h2 build_and_run_instance']);
  });

  it('says in its beats what they work on and have notified, and stops what is not wanted any more', async () => {
    const { abort } = running.begin(aRef, 'h1');
    running.notified({ ...aRef, attempt: 2 });
    await start();
    await eventually(() => expect(beats[0]).toMatchObject({ steps: [aRef], notified: [{ ...aRef, attempt: 2 }] }));
    await eventually(() => expect(beats[1]).toMatchObject({ steps: [aRef], notified: [] }));
    expect(abort.signal.aborted).toBe(false);
    stale = [aRef.operation_uuid];
    await eventually(() => expect(abort.signal.aborted).toBe(true));
  });

  it('S2-7: does not serve a host whose hypervisor is too old, and warns of one that will be', async () => {
    versions = { least: 1000, nextLeast: 1500 };
    hardware = { h1: { hypervisorVersion: 900 }, h3: { hypervisorVersion: 2000 } };
    await start();
    expect(refused).toEqual(['h1: The hypervisor of h1 has version 900; at least 1000 is needed.']);
    expect(warned).toEqual(['the hypervisor of h2 on h2 has version 1000; 1500 will be needed']);
    await eventually(() => expect(beats[0]?.hosts).toEqual(['h2', 'h3']));
    expect(placement.providers.get('uuid-h1')).toBeUndefined();
  });

  it('does not start when none of its hosts can be served', async () => {
    versions = { least: 5000, nextLeast: 0 };
    await expect(start()).rejects.toMatchObject({ code: 'agent.no_host' });
  });

  it('S4-3: leaves out a host whose tree cannot be reshaped; the others go on', async () => {
    hardware = { h1: { gpus: [{ name: 'pgpu0', vgpus: 1 }] } };
    placement.addRoot('uuid-h1', { VCPU: 10, VGPU: 4 });
    placement.providers.put({ ...placement.providers.get('uuid-h1'), name: 'h1' } as never);
    const claim = { allocations: { 'uuid-h1': { resources: { VGPU: 4 } } } };
    await placement.claim(systemCtx(), { consumer: 'i1', projectId: 'p', userId: 'u' }, claim, 'build');
    await start();
    expect(refused).toEqual([expect.stringMatching(/^h1: .*no room for 3 VGPU/)]);
    expect(await placement.allocationsOf(systemCtx(), 'i1')).toMatchObject(claim);
    expect(placement.providers.get('uuid-h3')).toBeDefined();
  });
});
