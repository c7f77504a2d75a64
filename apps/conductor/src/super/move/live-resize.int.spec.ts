import { QuotaLedgerRepository } from '@kilonova/api-db';
import { InstanceArchive } from '@kilonova/cell-db';
import { messages, unplaced } from '@kilonova/compute-objects';
import { nodeUuidOf } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { held, LARGER, useMoves } from '../../spec-support/moves.js';

const cloud = useCloud();
const moves = useMoves(cloud);

beforeEach(() => moves.conductors());

const GROWN = { [nodeUuidOf('h1')]: { resources: { VCPU: 2, MEMORY_MB: 1024 } } };
const claim = async (uuid: string) => (await cloud.placement.allocationsOf(moves.ctx, uuid)).allocations;
const grow = async () => {
  const server = await moves.server();
  await cloud.api.transaction((sql) => new QuotaLedgerRepository().change(sql, server.uuid, { cores: 2, ram: 1024 }));
  await moves.ask(server, 'liveResize', unplaced({ flavor: LARGER }));
  return server;
};

describe('a live resize', () => {
  it('has the server hold more where it is, then its guest, then its row', async () => {
    const server = await grow();
    await moves.taken(server.uuid, 'h1', 'live_resize_instance');
    expect(await claim(server.uuid)).toEqual(GROWN);
    expect(await moves.instance(server.uuid)).toMatchObject({ task_state: 'resize_live', flavor: server.flavor, host: 'h1' });
    await moves.agent(server.uuid, 'h1', 'live_resize_instance');
    expect(await moves.ended(server.uuid)).toMatchObject({
      vm_state: 'active',
      task_state: null,
      flavor: LARGER,
      host: 'h1',
      node: 'h1',
      availability_zone: server.availability_zone,
    });
    expect([await claim(server.uuid), cloud.scheduler.asked]).toEqual([GROWN, []]);
    expect((await moves.actions(server.uuid))[0]).toEqual({ action: 'liveResize', message: null, ended: true });
    await eventually(async () => expect(await moves.holding(server.uuid)).toEqual({ cores: 2, ram: 1024 }));
    expect(await rows(cloud.cell1, 'SELECT 1 FROM migrations')).toEqual([]);
  });

  it('that its host has no room for leaves all as it was', async () => {
    cloud.placement.addRoot(nodeUuidOf('h1'), { VCPU: 1, MEMORY_MB: 1024 });
    const server = await grow();
    expect(await moves.ended(server.uuid)).toMatchObject({
      vm_state: 'active',
      task_state: null,
      flavor: server.flavor,
      fault: { message: 'No valid host was found. Its host has no room for the flavor.' },
    });
    expect(await claim(server.uuid)).toEqual(held('h1'));
    expect((await moves.actions(server.uuid))[0]).toMatchObject({ action: 'liveResize', message: 'Error', ended: true });
    await eventually(async () => expect(await moves.holding(server.uuid)).toEqual({ cores: 1, ram: 512 }));
  });

  it('whose guest does not grow gives claim and quota back', async () => {
    const server = await grow();
    await moves.agent(server.uuid, 'h1', 'live_resize_instance', {}, true);
    expect(await moves.ended(server.uuid)).toMatchObject({
      vm_state: 'active',
      task_state: null,
      flavor: server.flavor,
      fault: { message: 'live_resize_instance failed' },
    });
    expect(await claim(server.uuid)).toEqual(held('h1'));
    await eventually(async () => expect(await moves.holding(server.uuid)).toEqual({ cores: 1, ram: 512 }));
  });

  it('that is told again has it hold the same', async () => {
    const server = await grow();
    const { operation_uuid } = await moves.taken(server.uuid, 'h1', 'live_resize_instance');
    await rows(cloud.cell1, `UPDATE operations SET state = 'placing' WHERE uuid = $1`, [operation_uuid]);
    cloud.placement.isDown = true;
    const ticket = { operation_uuid, instance_uuid: server.uuid, attempt: 1 };
    await cloud.apiBus.cast(moves.ctx, messages.placeOperation, { topic: 'conductor' }, ticket);
    cloud.placement.isDown = false;
    await moves.agent(server.uuid, 'h1', 'live_resize_instance');
    await moves.ended(server.uuid);
    expect(await claim(server.uuid)).toEqual(GROWN);
  });

  it('of a server that is deleted meanwhile leaves nothing', async () => {
    const server = await grow();
    await moves.taken(server.uuid, 'h1', 'live_resize_instance');
    await new InstanceArchive().move(cloud.cell1, moves.ctx, server.uuid);
    await cloud.placement.release(moves.ctx, server.uuid);
    await eventually(async () => expect(await moves.holding(server.uuid)).toBeUndefined());
    expect(await claim(server.uuid)).toEqual({});
  });
});
