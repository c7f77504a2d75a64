import type { Instance } from '@kilonova/compute-objects';
import { aBuild, anInstance, aSelection, aVolumeDevice } from '@kilonova/compute-samples';
import { execute, rows } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BurialRepository } from '../operation/burial.repository.js';
import { CELL, Operations } from '../spec-support/operations.js';
import { cellMigrations } from '../store/cell-migrations.js';
import { BlockDeviceRepository } from './block-device.repository.js';

const database = useDatabase(cellMigrations());
const devices = new BlockDeviceRepository();
const root = aVolumeDevice({ boot_index: 0, device_name: '/dev/vda' });
const data = aVolumeDevice({ delete_on_termination: true });
let sql: DataSource;
let operations: Operations;

/** A build of a server with two volumes, sent to h1. */
async function sent(): Promise<Instance> {
  const instance = anInstance();
  const args = { ...aBuild(instance, [aSelection('h1', CELL)]), block_devices: [data, root] };
  await operations.builds.prepareMany(sql, operations.ctx, [{ instance, arguments: args }]);
  await operations.builds.sendMany(sql, [instance.uuid]);
  return instance;
}

beforeAll(async () => {
  sql = await database.dataSource();
  operations = new Operations(() => sql);
});
beforeEach(() => operations.clear());

describe('disks of a server', () => {
  it('are stored with it, and told to its agent, what is booted from first', async () => {
    const instance = await sent();
    const taken = await operations.steps.take(sql, await operations.step(instance));
    expect(taken).toMatchObject({ outcome: 'taken', block_devices: [root, data] });
    expect(await devices.ofServer(sql, instance.uuid)).toEqual([root, data]);
  });

  it('are none of a server that boots its image', async () => {
    const { instance } = await operations.sent();
    expect(await operations.steps.take(sql, await operations.step(instance))).toMatchObject({ block_devices: [] });
  });

  it('are as the agent reports them with the end of its step', async () => {
    const instance = await sent();
    const step = await operations.step(instance);
    await operations.steps.take(sql, step);
    const attachment_id = '99999999-9999-4999-8999-999999999999';
    const reported = [
      { uuid: root.uuid, attachment_id },
      { uuid: data.uuid, removed: true as const },
    ];
    const done = await operations.steps.finish(sql, { ...step, updates: { power_state: 1, block_devices: reported } });
    expect(done).toMatchObject({ outcome: 'finished', instance: { vm_state: 'active', power_state: 1 }, subject: null });
    expect(await devices.ofServer(sql, instance.uuid)).toEqual([{ ...root, attachment_id }]);
  });

  it('L14: become no other volume than one that the operation is about', async () => {
    const instance = await sent();
    const step = await operations.step(instance);
    await operations.steps.take(sql, step);
    const [foreign, swapped] = [aVolumeDevice(), aVolumeDevice()];
    const subject = { volume_id: data.volume_id, new_volume_id: swapped.volume_id };
    await execute(sql, 'UPDATE operations SET arguments = arguments || $1::jsonb', [JSON.stringify({ subject })]);
    const reported = [
      { uuid: root.uuid, volume_id: foreign.volume_id as string },
      { uuid: data.uuid, volume_id: swapped.volume_id as string },
    ];
    await operations.steps.finish(sql, { ...step, updates: { power_state: 1, block_devices: reported } });
    expect((await devices.ofServer(sql, instance.uuid)).map(({ volume_id }) => volume_id)).toEqual([
      root.volume_id,
      swapped.volume_id,
    ]);
  });

  it('of others are not touched by a report', async () => {
    const [own, other] = [await sent(), anInstance()];
    await operations.instances.insertMany(sql, [other]);
    const foreign = aVolumeDevice();
    await devices.add(sql, other.uuid, foreign);
    const step = await operations.step(own);
    await operations.steps.take(sql, step);
    await operations.steps.finish(sql, { ...step, updates: { block_devices: [{ uuid: foreign.uuid, removed: true }] } });
    expect(await devices.ofServer(sql, other.uuid)).toEqual([foreign]);
  });

  it('go with the server, and lie in cell0 with one that got no host', async () => {
    const instance = await sent();
    await execute(sql, 'DELETE FROM instances WHERE uuid = $1', [instance.uuid]);
    expect(await rows(sql, 'SELECT 1 FROM block_device_mappings')).toEqual([]);
    const event = { requestId: 'req-1', event: 'e', host: 'c', details: 'd', traceback: 't' };
    for (const _ of [1, 2]) await new BurialRepository().buryMany(sql, [instance], event, new Map([[instance.uuid, [root]]]));
    expect(await devices.ofServer(sql, instance.uuid)).toEqual([root]);
  });
});

describe('a volume', () => {
  it('is attached to a server once, whoever asks at the same time', async () => {
    const instance = anInstance();
    await operations.instances.insertMany(sql, [instance]);
    const wanted = () => aVolumeDevice({ volume_id: root.volume_id });
    const added = await Promise.all(Array.from({ length: 8 }, () => devices.add(sql, instance.uuid, wanted())));
    expect(added.filter((outcome) => outcome === 'added')).toHaveLength(1);
    expect(await devices.ofServer(sql, instance.uuid)).toHaveLength(1);
  });

  it('goes with its server, or stays, as it is told', async () => {
    const instance = anInstance();
    await operations.instances.insertMany(sql, [instance]);
    await devices.add(sql, instance.uuid, root);
    expect(await devices.setDeleteOnTermination(sql, instance.uuid, root.volume_id ?? '', true)).toBe(true);
    expect(await devices.ofServer(sql, instance.uuid)).toEqual([{ ...root, delete_on_termination: true }]);
    expect(await devices.setDeleteOnTermination(sql, instance.uuid, CELL, true)).toBe(false);
  });

  it('that rows from elsewhere attach twice is found, and one of them kept, before the index can be made', async () => {
    const [instance, other] = [anInstance(), anInstance()];
    await operations.instances.insertMany(sql, [instance, other]);
    await execute(sql, 'DROP INDEX block_device_mappings_one_of_a_volume');
    const volume_id = root.volume_id ?? '';
    const [reserved, bare] = [aVolumeDevice({ volume_id }), aVolumeDevice({ volume_id, attachment_id: null })];
    for (const device of [bare, reserved]) await devices.add(sql, instance.uuid, device);
    await devices.add(sql, other.uuid, root);
    expect(await devices.duplicates(sql, 10)).toEqual([{ instance_uuid: instance.uuid, volume_id, count: 2 }]);
    expect([await devices.removeDuplicates(sql), await devices.removeDuplicates(sql)]).toEqual([1, 0]);
    expect(await devices.ofServer(sql, instance.uuid)).toEqual([reserved]);
    await execute(
      sql,
      'CREATE UNIQUE INDEX block_device_mappings_one_of_a_volume ON block_device_mappings (instance_uuid, volume_id) WHERE volume_id IS NOT NULL',
    );
  });
});
