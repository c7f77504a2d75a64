import { InstanceRepository, OperationRepository } from '@kilonova/cell-db';
import { type Instance, messages, PowerState } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { createMessageBus, type MessageBus } from '@kilonova/messaging';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';

const { RUNNING, SHUTDOWN, PAUSED } = PowerState;
const cloud = useCloud();
const instances = new InstanceRepository();
const operations = new OperationRepository();
let bus: MessageBus;
beforeEach(async () => {
  await cloud.conductor('cell');
  bus = createMessageBus({ url: cloud.busUrl('cell1'), cell: 'cell1' });
});
afterEach(() => bus.close());

async function server(given: Partial<Instance> = {}): Promise<Instance> {
  const settled = { task_state: null, host: 'h1', node: 'h1', launched_at: new Date().toISOString() } as const;
  const instance = anInstance({ ...settled, vm_state: 'active', power_state: RUNNING, ...given });
  await instances.insertMany(cloud.cell1, [instance]);
  return stored(instance.uuid);
}

async function stored(uuid: string): Promise<Instance> {
  const found = await instances.find(cloud.cell1, uuid);
  if (found === undefined) throw new Error(`${uuid} is gone`);
  return found;
}

const sync = (seen: Instance, power_state: Instance['power_state'], host = 'h1') =>
  bus.call(
    systemCtx(),
    messages.syncPowerStates,
    { topic: 'conductor' },
    { host, guests: [{ instance_uuid: seen.uuid, updated_at: seen.updated_at, power_state }] },
  );

describe('guests whose power is not what their servers say', () => {
  it('have their servers stopped like a client would', async () => {
    const before = await server();
    expect(await sync(before, SHUTDOWN)).toEqual({ stopped: 1 });
    expect(await stored(before.uuid)).toMatchObject({ task_state: 'powering-off', power_state: SHUTDOWN, vm_state: 'active' });
    expect(await operations.find(cloud.cell1, before.uuid)).toMatchObject({ name: 'stop', host: 'h1' });
    expect(await rows(cloud.cell1, 'SELECT action FROM instance_actions WHERE instance_uuid = $1', [before.uuid])).toEqual([
      { action: 'stop' },
    ]);
    await eventually(() => expect(cloud.agents1.told.map(({ method }) => method)).toContain('stop_instance'));
  });

  it.each<[string, Partial<Instance>, Instance['power_state'], number]>([
    ['a stopped server runs', { vm_state: 'stopped', power_state: SHUTDOWN }, RUNNING, 1],
    ['a paused one is off', { vm_state: 'paused', power_state: PAUSED }, SHUTDOWN, 1],
    ['a rescued one is off', { vm_state: 'rescued' }, SHUTDOWN, 0],
    ['an active one is paused', {}, PAUSED, 0],
  ])('%s: the power is stored, and what follows is by the table', async (_what, given, power, stopped) => {
    const before = await server(given);
    expect(await sync(before, power)).toEqual({ stopped });
    expect(await stored(before.uuid)).toMatchObject({ power_state: power, vm_state: before.vm_state });
  });

  it('are not judged by what was seen before something was done to the server', async () => {
    const seen = await server();
    await instances.update(cloud.cell1, seen.uuid, { progress: 1 });
    expect(await sync(seen, SHUTDOWN)).toEqual({ stopped: 0 });
    expect(await stored(seen.uuid)).toMatchObject({ power_state: RUNNING, task_state: null });
  });

  it('are left alone while something is done to the server, or when it is on another host', async () => {
    const busy = await server({ task_state: 'pausing' });
    expect(await sync(busy, SHUTDOWN)).toEqual({ stopped: 0 });
    const elsewhere = await server({ host: 'h2', node: 'h2' });
    expect(await sync(elsewhere, SHUTDOWN)).toEqual({ stopped: 0 });
    const dumping = await server();
    await operations.accept(cloud.cell1, systemCtx(), 'triggerCrashDump', { ...dumping, host: 'h1' }, {});
    expect(await sync(await stored(dumping.uuid), SHUTDOWN)).toEqual({ stopped: 0 });
  });

  it('told twice are stopped once', async () => {
    const before = await server();
    const both = await Promise.all([sync(before, SHUTDOWN), sync(before, SHUTDOWN)]);
    expect(both.map(({ stopped }) => stopped).sort()).toEqual([0, 1]);
  });
});
