import { InstanceGroupMemberRepository } from '@kilonova/api-db';
import { InstanceRepository, OperationRepository } from '@kilonova/cell-db';
import type { InstanceGroup, SelectDestinations, SelectDestinationsResult } from '@kilonova/compute-objects';
import { aGroup, anInstance, aSelection, nodeUuidOf } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { newRequestId } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { aMove, aPlacing } from '../../spec-support/group-members.js';
import { aBoot } from '../../spec-support/samples.js';

const cloud = useCloud();

const storeGroup = async (group: InstanceGroup): Promise<number> => {
  const [row] = await rows<{ id: number }>(
    cloud.api,
    `INSERT INTO instance_groups (uuid, name, project_id, user_id, policy) VALUES ($1, $2, 'p1', 'u1', $3) RETURNING id`,
    [group.uuid, group.name, group.policy],
  );
  return row?.id ?? 0;
};
const join = (groupId: number, uuid: string, host: string | null = null) =>
  rows(cloud.api, 'INSERT INTO instance_group_members VALUES ($1, $2, $3)', [groupId, uuid, host]);

/** Picks, as the anti-affinity filter would, a host that the group does not use. */
const antiAffinity =
  (hosts: readonly string[]) =>
  (args: SelectDestinations): SelectDestinationsResult => {
    const used = new Set(args.request_spec.instance_group?.hosts);
    const selections = args.instance_uuids.map((uuid) => {
      const host = hosts.find((one) => !used.has(one)) ?? '';
      used.add(host);
      cloud.placement.hold(uuid, nodeUuidOf(host));
      return [aSelection(host, cloud.cells.cell1.uuid)];
    });
    const enough = selections.every(([selection]) => selection?.service_host !== '');
    return enough
      ? { outcome: 'selected', selections }
      : { outcome: 'no-valid-host', reason: 'There are not enough hosts available.', verdicts: [] };
  };

describe('a server group', () => {
  it('keeps its policy when its servers are booted side by side', async () => {
    const group = aGroup();
    const groupId = await storeGroup(group);
    cloud.scheduler.answer = antiAffinity(['h1', 'h2', 'h3']);
    await cloud.conductor('super');
    await cloud.conductor('super');
    for (let count = 0; count < 3; count++) {
      const boot = aBoot(newRequestId(), { instance_group: group });
      await join(groupId, boot.instance.uuid);
      await cloud.accept([boot]);
    }
    await eventually(() => expect(cloud.agents1.told).toHaveLength(3));
    expect(cloud.agents1.told.map((message) => message.host).sort()).toEqual(['h1', 'h2', 'h3']);
    const members = await new InstanceGroupMemberRepository().members(cloud.api, groupId);
    expect(members.map((member) => member.host).sort()).toEqual(['h1', 'h2', 'h3']);
  });

  it('is scheduled with the hosts that the cells know of, not those that were chosen once', async () => {
    const group = aGroup();
    const groupId = await storeGroup(group);
    const moved = anInstance();
    await join(groupId, moved.uuid, 'h1');
    await rows(cloud.cell1, `INSERT INTO group_placements VALUES ($1, $2, 'h2')`, [group.uuid, moved.uuid]);
    cloud.scheduler.answer = antiAffinity(['h1', 'h2']);
    await cloud.conductor('super');
    const boot = aBoot(newRequestId(), { instance_group: group });
    await join(groupId, boot.instance.uuid);
    await cloud.accept([boot]);
    await eventually(() => expect(cloud.agents1.told).toHaveLength(1));
    expect(cloud.scheduler.asked[0]?.request_spec.instance_group).toMatchObject({
      hosts: ['h2'],
      members: expect.arrayContaining([moved.uuid, boot.instance.uuid]),
    });
    const uuid = cloud.agents1.told[0]?.args.instance_uuid ?? '';
    expect(await new OperationRepository().find(cloud.cell1, uuid)).toMatchObject({
      host: 'h1',
      arguments: { request_spec: { instance_group: { uuid: group.uuid } } },
    });
  });

  it('counts each member on a host, and frees the hosts of members that failed', async () => {
    const group = aGroup({ rules: { max_server_per_host: 3 } });
    const groupId = await storeGroup(group);
    const [first, second, failed, buried] = [anInstance(), anInstance(), anInstance(), anInstance()];
    for (const member of [first, second]) await join(groupId, member.uuid, 'h1');
    for (const member of [failed, buried]) await join(groupId, member.uuid, 'h3');
    for (const [cell, { uuid }] of [
      [cloud.cell1, failed],
      [cloud.cell0, buried],
    ] as const) {
      await new InstanceRepository().insertMany(cell, [anInstance({ uuid, vm_state: 'error', task_state: null })]);
    }
    await cloud.conductor('super');
    const boot = aBoot(newRequestId(), { instance_group: group });
    await join(groupId, boot.instance.uuid);
    await cloud.accept([boot]);
    await eventually(() => expect(cloud.agents1.told).toHaveLength(1));
    expect(cloud.scheduler.asked[0]?.request_spec.instance_group?.hosts).toEqual(['h1', 'h1']);
  });

  it('holds both ends of moves, those that are being looked for too, and nothing for members that were offloaded or deleted', async () => {
    const group = aGroup();
    const groupId = await storeGroup(group);
    const moved = await aMove(cloud.cell1, group.uuid, { from: 'h1', to: 'h2', status: 'running' });
    await join(groupId, moved, 'h2');
    const placing = await aMove(cloud.cell1, group.uuid, { from: 'h3', to: null, status: 'accepted' });
    await join(groupId, placing, 'h4');
    await aPlacing(cloud.cell1, placing);
    const over = await aMove(cloud.cell1, group.uuid, { from: 'h8', to: 'h5', status: 'confirmed' });
    await join(groupId, over, 'h5');
    const offloaded = anInstance({ vm_state: 'shelved_offloaded', task_state: null, host: null });
    await join(groupId, offloaded.uuid, 'h9');
    const coming = anInstance();
    await join(groupId, coming.uuid, 'h6');
    await new InstanceRepository().insertMany(cloud.cell1, [offloaded, coming]);
    const deleted = anInstance();
    await join(groupId, deleted.uuid, 'h7');
    for (const { uuid } of [coming, deleted])
      await rows(
        cloud.api,
        `INSERT INTO instance_mappings (instance_uuid, cell_id, project_id, user_id) VALUES ($1, $2, 'p1', 'u1')`,
        [uuid, cloud.cells.cell1.id],
      );
    await cloud.conductor('super');
    const boot = aBoot(newRequestId(), { instance_group: group });
    await join(groupId, boot.instance.uuid);
    await cloud.accept([boot]);
    await eventually(() => expect(cloud.agents1.told).toHaveLength(1));
    expect(cloud.scheduler.asked[0]?.request_spec.instance_group?.hosts).toEqual(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
  });

  it('that was deleted meanwhile does not hold its servers up', async () => {
    await cloud.conductor('super');
    await cloud.accept([aBoot(newRequestId(), { instance_group: aGroup() })]);
    await eventually(() => expect(cloud.agents1.told).toHaveLength(1));
  });
});
