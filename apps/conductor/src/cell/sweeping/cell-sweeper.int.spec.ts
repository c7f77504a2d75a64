import { BuildRepository, OperationRepository, StepRepository } from '@kilonova/cell-db';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { aliveHost, SWEEP, storedOnly } from '../../spec-support/swept.js';

const cloud = useCloud();

describe('the cell conductor sweeps', () => {
  it('a build that a living host was never told of', async () => {
    const boot = await storedOnly(cloud);
    await new BuildRepository().sendMany(cloud.cell1, [boot.instance.uuid]);
    await rows(cloud.cell1, 'DELETE FROM outbox');
    await aliveHost(cloud, 'h1');
    await cloud.conductor('cell', SWEEP);
    await eventually(() => expect(cloud.agents1.told.length).toBeGreaterThan(0));
    expect(cloud.agents1.told[0]).toMatchObject({ host: 'h1', method: 'build_and_run_instance' });
  });

  it('a build in which nothing moves, freeing what no host took on', async () => {
    const waiting = await storedOnly(cloud);
    const begun = await storedOnly(cloud);
    const uuids = [waiting.instance.uuid, begun.instance.uuid];
    await new BuildRepository().sendMany(cloud.cell1, uuids);
    const operation = await new OperationRepository().find(cloud.cell1, begun.instance.uuid);
    if (operation === undefined) throw new Error('no operation');
    const { uuid: operation_uuid, instance_uuid, step, attempt } = operation;
    await new StepRepository().take(cloud.cell1, { operation_uuid, instance_uuid, step, attempt, host: 'h1' });
    await cloud.conductor('cell', { ...SWEEP, 'sweeper.instanceBuildTimeoutSeconds': '0.3' });
    await eventually(async () =>
      expect((await cloud.instances(cloud.cell1)).map((instance) => instance.vm_state)).toEqual(['error', 'error']),
    );
    await eventually(() => expect([...cloud.placement.held.keys()]).toEqual([begun.instance.uuid]));
    expect((await cloud.instances(cloud.cell1))[0]?.fault?.message).toContain('The operation was not finished in time.');
  });

  it('a delete that a living host was never told of', async () => {
    const boot = await storedOnly(cloud);
    await rows(cloud.cell1, 'DELETE FROM operations');
    await rows(cloud.cell1, `UPDATE instances SET vm_state = 'active', host = 'h1', task_state = NULL`);
    const server = { uuid: boot.instance.uuid, vm_state: 'active', task_state: null, host: 'h1' } as const;
    await new OperationRepository().accept(cloud.cell1, systemCtx(), 'delete', server, {});
    await rows(cloud.cell1, 'DELETE FROM outbox');
    await aliveHost(cloud, 'h1');
    await cloud.conductor('cell', SWEEP);
    await eventually(() =>
      expect(cloud.agents1.told[0]).toMatchObject({
        host: 'h1',
        method: 'terminate_instance',
        args: { instance_uuid: boot.instance.uuid },
      }),
    );
  });
});
