import { OperationRepository } from '@kilonova/cell-db';
import { messages } from '@kilonova/compute-objects';
import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { AgentsOfCell } from '../../spec-support/agents-of-cell.js';
import { useCloud } from '../../spec-support/cloud.js';

const cloud = useCloud();
const agents = new AgentsOfCell(cloud);
const ctx = systemCtx();

describe('an agent builds', () => {
  it('in two calls, told twice or once, its history kept', async () => {
    await cloud.conductor('cell');
    const step = await agents.sent();
    expect(await agents.take(step)).toMatchObject({ outcome: 'taken', resumed: false, arguments: { admin_password: 'pw' } });
    expect(await agents.take(step)).toMatchObject({ outcome: 'taken', resumed: true });
    const done = await agents.finish(step);
    expect(done).toMatchObject({ outcome: 'finished', old_vm_state: 'building', instance: { vm_state: 'active', host: 'h1' } });
    expect(await agents.finish(step)).toEqual(done);
    expect(await agents.take(step)).toEqual(done);
    expect(await agents.call(messages.hostWork, { host: 'h1' })).toMatchObject({
      instances: [{ uuid: step.instance_uuid, vm_state: 'active' }],
      steps: [{ operation_uuid: step.operation_uuid }],
    });
    const beat = { binary: 'nova-compute', hosts: ['h1'], steps: [], notified: [step] };
    expect(await agents.call(messages.heartbeat, beat)).toMatchObject({ stale: [] });
    expect((await agents.call(messages.hostWork, { host: 'h1' })).steps).toEqual([]);
  });

  it('nothing that another host was told of', async () => {
    await cloud.conductor('cell');
    const step = await agents.sent();
    expect(await agents.take(step, 'h2')).toEqual({ outcome: 'stale', on_host: false });
    await agents.take(step);
    expect(await agents.finish({ ...step, host: 'h2' })).toEqual({ outcome: 'stale', on_host: false });
    expect(await agents.call(messages.advanceStep, { ...step, host: 'h2', task_state: 'networking' })).toMatchObject({
      outcome: 'stale',
    });
  });
});

describe('an agent deletes', () => {
  const deleting = async () => {
    const step = await agents.sent();
    await agents.take(step);
    await agents.finish(step);
    const instance = await agents.stored(step.instance_uuid);
    if (instance === undefined) throw new Error('no instance');
    await new OperationRepository().accept(cloud.cell1, ctx, 'delete', { ...instance, host: 'h1' }, {});
    return agents.stepOf(step.instance_uuid);
  };

  it('and what the server held is given back before its row goes', async () => {
    await cloud.conductor('cell');
    const step = await deleting();
    await agents.take(step);
    cloud.placement.isDown = true;
    await expect(agents.finish(step)).rejects.toMatchObject({ kind: 'dependency' });
    expect(await agents.stored(step.instance_uuid)).toMatchObject({ task_state: 'deleting' });
    cloud.placement.isDown = false;
    const done = await agents.finish(step);
    expect(done).toMatchObject({ outcome: 'finished', instance: { vm_state: 'deleted' } });
    expect(await agents.finish(step)).toEqual(done);
    expect([cloud.placement.held.size, await agents.stored(step.instance_uuid)]).toEqual([0, undefined]);
  });

  it('nothing of a server whose delete it has not taken', async () => {
    await cloud.conductor('cell');
    const step = await deleting();
    expect(await agents.finish(step)).toMatchObject({ outcome: 'stale' });
    expect(cloud.placement.held.has(step.instance_uuid)).toBe(true);
  });
});
