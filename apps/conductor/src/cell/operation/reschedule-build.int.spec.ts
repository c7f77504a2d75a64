import { OperationRepository } from '@kilonova/cell-db';
import { messages } from '@kilonova/compute-objects';
import { nodeUuidOf } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { AgentsOfCell, aFault } from '../../spec-support/agents-of-cell.js';
import { useCloud } from '../../spec-support/cloud.js';

const cloud = useCloud();
const agents = new AgentsOfCell(cloud);
const ctx = systemCtx();

describe('a failed build', () => {
  it('goes to the next alternate that has room, told twice or once', async () => {
    await cloud.conductor('cell');
    cloud.placement.fill(nodeUuidOf('h2'));
    const step = await agents.sent('h1', ['h2', 'h3']);
    await agents.fail(step);
    await agents.reschedule(step);
    await eventually(() =>
      expect(cloud.agents1.told.map((message) => [message.host, message.args.attempt])).toEqual([
        ['h1', 1],
        ['h3', 2],
      ]),
    );
    expect(cloud.placement.held.get(step.instance_uuid)).toBe(nodeUuidOf('h3'));
    expect(await agents.stored(step.instance_uuid)).toMatchObject({ host: null, task_state: 'scheduling', vm_state: 'building' });
    expect(await agents.take(await agents.stepOf(step.instance_uuid))).toMatchObject({
      outcome: 'taken',
      instance: { host: 'h3' },
    });
    expect(cloud.placement.held.get(step.instance_uuid)).toBe(nodeUuidOf('h3'));
  });

  it('with no alternate left ends in ERROR and holds nothing', async () => {
    await cloud.conductor('cell');
    cloud.placement.fill(nodeUuidOf('h2'));
    const step = await agents.sent('h1', ['h2']);
    await agents.fail(step);
    await eventually(async () =>
      expect(await agents.stored(step.instance_uuid)).toMatchObject({ vm_state: 'error', task_state: null, host: null }),
    );
    const instance = await agents.stored(step.instance_uuid);
    expect(instance?.fault?.message).toBe(
      `Exhausted all hosts available for retrying build failures for instance ${step.instance_uuid}.`,
    );
    expect(instance?.fault?.details).toContain('spawn failed');
    expect(cloud.placement.held.size).toBe(0);
  });

  it('that never had an alternate shows the class of the failure', async () => {
    await cloud.conductor('cell');
    const step = await agents.sent('h1');
    await agents.fail(step);
    const message = `Build of instance ${step.instance_uuid} aborted: spawn failed`;
    await eventually(async () => expect((await agents.stored(step.instance_uuid))?.fault).toMatchObject({ message }));
  });

  it('waits for placement to come back', async () => {
    await cloud.conductor('cell');
    const step = await agents.sent('h1', ['h2']);
    cloud.placement.isDown = true;
    await agents.fail(step);
    await eventually(async () => expect(await rows(cloud.cell1, 'SELECT 1 FROM outbox')).toEqual([]));
    expect(await agents.stored(step.instance_uuid)).toMatchObject({ vm_state: 'building', host: 'h1' });
    cloud.placement.isDown = false;
    await eventually(() => expect(cloud.agents1.told.map((message) => message.host)).toEqual(['h1', 'h2']));
  });

  it('that its user deletes meanwhile is not built again', async () => {
    await cloud.conductor('cell');
    const step = await agents.sent('h1', ['h2']);
    await agents.take(step);
    const instance = await agents.stored(step.instance_uuid);
    if (instance === undefined) throw new Error('no instance');
    await new OperationRepository().accept(cloud.cell1, ctx, 'delete', { ...instance, host: 'h1' }, {});
    expect(await agents.finish(step, aFault)).toEqual({ outcome: 'stale', on_host: true });
    await agents.reschedule(step);
    const other = await agents.sent('h1', ['h3']);
    await agents.fail(other);
    await eventually(() => expect(cloud.agents1.told.map((message) => message.host)).toContain('h3'));
    expect(await agents.operationOf(step.instance_uuid)).toMatchObject({ name: 'delete', host: 'h1' });
    expect(cloud.placement.held.get(step.instance_uuid)).toBe(nodeUuidOf('h1'));
  });

  it('H5: is believed of the host alone that was told, and says nothing but why', async () => {
    await cloud.conductor('cell');
    const step = await agents.sent('h1', ['h3']);
    expect(await agents.finish({ ...step, host: 'h2' }, aFault)).toMatchObject({ outcome: 'stale' });
    await agents.reschedule(step);
    await agents.fail(step);
    await eventually(async () => expect(await agents.operationOf(step.instance_uuid)).toMatchObject({ host: 'h3', attempt: 2 }));
    expect(cloud.placement.held.get(step.instance_uuid)).toBe(nodeUuidOf('h3'));
  });
});
