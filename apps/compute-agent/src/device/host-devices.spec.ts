import type { AssignDevicesResult, Migration, StepRef } from '@kilonova/compute-objects';
import { MemoryPlacement } from '@kilonova/placement-client';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import type { CellConductor } from '../cell/cell-conductor.client.js';
import { RunningSteps } from '../operation/running-steps.js';
import { StepRunner } from '../operation/step-runner.service.js';
import { FakeCell, managedHost, onlyHost } from '../spec-support/fake-cell.js';
import { BuildInstance } from '../steps/build-instance.step.js';
import { FinishResize } from '../steps/finish-resize.step.js';
import { FinishRevertResize } from '../steps/finish-revert-resize.step.js';
import { PostLiveMigrationAtDestination } from '../steps/post-live-migration-at-destination.step.js';
import { HostDevices } from './host-devices.js';

const HARDWARE = { gpus: [{ name: 'pgpu0', vgpus: 2 }] };
const ROOT = 'root';
const log = { warn: () => undefined, info: () => undefined, error: () => undefined };

/** A host with a graphics card, and the cell's conductor as far as devices are concerned. */
function bench(answers: AssignDevicesResult[] = []) {
  const asked: Array<{ wanted: unknown }> = [];
  const cell = new FakeCell('build');
  const conductor = {
    call: async (ctx: never, message: { name: string }, args: never) => {
      if (message.name !== 'assign_devices') return cell.conductor.call(ctx, message as never, args);
      asked.push(args);
      return answers.shift() ?? { outcome: 'none-free' };
    },
  } as CellConductor;
  const placement = new MemoryPlacement();
  const host = managedHost([], undefined, 'h', undefined, undefined, () => HARDWARE);
  const devices = new HostDevices('h', host.driver, conductor, placement);
  devices.know(
    'h',
    new Map([
      [ROOT, 'h'],
      ['gpu', 'h_pgpu0'],
    ] as const),
  );
  const equipped = { ...host, devices };
  const running = new RunningSteps();
  const runner = new StepRunner(onlyHost(equipped), conductor, running, { concurrency: 1, drainMs: 0, log: log as never });
  new BuildInstance(runner);
  const build = async (claim: Record<string, Record<string, number>> | undefined): Promise<void> => {
    const allocations = Object.fromEntries(Object.entries(claim ?? {}).map(([uuid, resources]) => [uuid, { resources }]));
    cell.taken = claim === undefined ? {} : { claim: { allocations } };
    await runner.begin(systemCtx(), 'h', cell.operation?.ref as StepRef);
    await eventually(() => expect(cell.finished).toHaveLength(1));
  };
  return { asked, cell, placement, build, host, runner };
}

const [first = ''] = bench().host.driver.devicesBehind('h', 'h_pgpu0', 'VGPU');
const assigned: AssignDevicesResult = {
  outcome: 'assigned',
  devices: [{ resource_class: 'VGPU', device: first, migration_uuid: null }],
};

const MIGRATION: Migration = {
  uuid: '00000000-0000-4000-8000-00000000000a',
  migration_type: 'migration',
  source_compute: 'h1',
  source_node: 'h1',
  dest_compute: null,
  dest_node: null,
  old_flavor: null,
  new_flavor: null,
};

describe('a server that moves', () => {
  const device = (name: string, migration_uuid: string | null) => ({ resource_class: 'VGPU', device: name, migration_uuid });

  it.each([
    ['finish_resize', FinishResize, 'new'],
    ['finish_revert_resize', FinishRevertResize, 'old'],
    ['post_live_migration_at_destination', PostLiveMigrationAtDestination, 'new'],
  ] as const)('has with %s the devices of that side of its move', async (name, step, expected) => {
    const { asked, cell, host, runner } = bench();
    new step(runner);
    const { uuid } = cell.instance;
    await host.driver.spawn({ instance: cell.instance, image: null, admin_password: null }, new AbortController().signal);
    const migration = { ...MIGRATION, dest_compute: 'h', dest_node: 'h' };
    cell.taken = { migration, devices: [device('old', null), device('new', migration.uuid)] };
    const ref = { ...(cell.operation?.ref as StepRef), step: name };
    if (cell.operation !== undefined) cell.operation.ref = ref;
    await runner.begin(systemCtx(), 'h', ref);
    await eventually(() => expect(cell.finished).toHaveLength(1));
    expect([host.driver.devices(uuid), asked, cell.finished[0]?.fault]).toEqual([[expected], [], undefined]);
  });
});

describe('S1-28: a server that comes to a host', () => {
  it('gets the devices that its claim stands for, and its guest is made with them', async () => {
    const { asked, cell, build, host } = bench([assigned]);
    await build({ [ROOT]: { VCPU: 1 }, gpu: { VGPU: 1 } });
    const devices = host.driver.devicesBehind('h', 'h_pgpu0', 'VGPU');
    expect(asked).toMatchObject([{ host: 'h', wanted: [{ resource_class: 'VGPU', amount: 1, devices }] }]);
    expect([host.driver.devices(cell.instance.uuid), cell.finished[0]?.fault]).toEqual([[first], undefined]);
  });

  it('of a plain flavor asks nobody', async () => {
    const { asked, cell, build, host } = bench();
    await build({ [ROOT]: { VCPU: 1, MEMORY_MB: 512 } });
    expect([asked, host.driver.devices(cell.instance.uuid), cell.asked]).toEqual([[], [], ['take_step', 'finish_step']]);
  });

  it('keeps what it was given when its agent was interrupted', async () => {
    const { asked, cell, host } = bench();
    cell.taken = { claim: { allocations: { gpu: { resources: { VGPU: 1 } } } }, devices: assigned.devices };
    const step = { ...(cell.operation?.ref as StepRef) };
    const taken = (await cell.conductor.call(systemCtx(), { name: 'take_step' } as never, step as never)) as never;
    expect(await host.devices.forStep(systemCtx(), step, taken, new AbortController().signal)).toEqual([first]);
    expect(asked).toEqual([]);
  });

  it('waits a moment for who is still being wound up, and fails where none becomes free', async () => {
    const free = bench([{ outcome: 'none-free' }, assigned]);
    await free.build({ gpu: { VGPU: 1 } });
    expect([free.asked.length, free.cell.finished[0]?.fault]).toEqual([2, undefined]);
    const none = bench();
    await none.build({ gpu: { VGPU: 2 } });
    expect(none.cell.finished[0]?.fault?.message).toContain('no free devices for 2 VGPU');
    expect(none.host.driver.guests()).toEqual([]);
  }, 20_000);

  it('holds by now what a reshape made of its claim', async () => {
    const { asked, cell, placement, build } = bench([assigned]);
    placement.addRoot('gpu', { VGPU: 2 });
    const owner = { consumer: cell.instance.uuid, projectId: 'p', userId: 'u' };
    await placement.claim(systemCtx(), owner, { allocations: { gpu: { resources: { VGPU: 1 } } } }, 'build');
    await build({ [ROOT]: { VCPU: 1, VGPU: 1 } });
    expect([asked.length, cell.finished[0]?.fault]).toEqual([1, undefined]);
    const lost = bench();
    await lost.build({ [ROOT]: { VGPU: 1 } });
    expect([lost.asked, lost.cell.finished[0]?.fault?.details]).toEqual([[], expect.stringContaining('stands for no devices')]);
  });
});
