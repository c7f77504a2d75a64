import { messages, type TryOperation, unplaced } from '@kilonova/compute-objects';
import { aGroup, anInstance } from '@kilonova/compute-samples';
import { rows } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { LARGER, useMoves } from '../../spec-support/moves.js';
import { aBoot } from '../../spec-support/samples.js';

const cloud = useCloud();
const ctx = systemCtx();
const CONDUCTOR = { topic: 'conductor' } as const;
const moves = useMoves(cloud, 'h1', 'h2');

const wish = (instance_uuid: string, more: Partial<TryOperation> = {}): TryOperation => ({
  instance_uuid,
  operation: 'resize',
  flavor: LARGER,
  requested_host: null,
  forced: false,
  ...more,
});
const held = (uuid: string) => cloud.placement.allocationsOf(ctx, uuid);
const attempt = (args: TryOperation) => cloud.apiBus.call(ctx, messages.tryOperation, CONDUCTOR, args);

describe('a trial of a move', () => {
  it.each([false, true])('is asked about as the move is (may stay: %s), and changes nothing', async (mayStay) => {
    await cloud.conductor('super', { 'conductor.allowResizeToSameHost': String(mayStay) });
    const server = await moves.server();
    const before = [await held(server.uuid), await moves.instance(server.uuid)];
    const host = mayStay ? 'h1' : 'h2';
    expect(await attempt(wish(server.uuid))).toMatchObject({ outcome: 'selected', selections: [[{ service_host: host }]] });
    expect([await held(server.uuid), await moves.instance(server.uuid)]).toEqual(before);
    expect(await rows(cloud.cell1, 'SELECT uuid FROM migrations')).toEqual([]);
    await moves.ask(server, 'resize', unplaced({ flavor: LARGER }));
    await eventually(() => expect(cloud.scheduler.asked).not.toEqual([]));
    expect(cloud.scheduler.tried[0]?.request_spec).toEqual(cloud.scheduler.asked.at(-1)?.request_spec);
  });

  it('heeds host, force and zone of what is wanted', async () => {
    await cloud.conductor('super');
    const server = await moves.server();
    await attempt(wish(server.uuid, { operation: 'evacuate', flavor: null, requested_host: 'h2', forced: true }));
    await attempt(wish(server.uuid, { operation: 'unshelve', flavor: null, availability_zone: 'z' }));
    expect(cloud.scheduler.tried.map(({ request_spec: spec }) => spec)).toMatchObject([
      { force_hosts: ['h2'], ignore_hosts: ['h1'], flavor: { flavorid: server.flavor.flavorid } },
      { force_hosts: [], availability_zone: 'z', requested_destination: { cell: cloud.cells.cell1.uuid } },
    ]);
  });

  it('of a server that is in no cell has no answer', async () => {
    await cloud.conductor('super');
    expect(await attempt(wish(anInstance().uuid))).toBeNull();
  });
});

it('a trial of a boot knows where the members of its group are, and takes no place among them', async () => {
  await cloud.conductor('super');
  const group = aGroup();
  const [stored] = await rows<{ id: number }>(
    cloud.api,
    `INSERT INTO instance_groups (uuid, name, project_id, user_id, policy) VALUES ($1, $2, 'p1', 'u1', $3) RETURNING id`,
    [group.uuid, group.name, group.policy],
  );
  const member = anInstance();
  await rows(cloud.api, 'INSERT INTO instance_group_members VALUES ($1, $2, $3)', [stored?.id, member.uuid, 'h1']);
  await rows(cloud.cell1, `INSERT INTO group_placements VALUES ($1, $2, 'h2')`, [group.uuid, member.uuid]);
  const { spec } = aBoot('req', { instance_group: { ...group, members: [], hosts: [] } });
  const args = { request_spec: spec, instance_uuids: [spec.instance_uuid] };
  expect(await cloud.apiBus.call(ctx, messages.tryBoot, CONDUCTOR, args)).toMatchObject({ outcome: 'selected' });
  expect(cloud.scheduler.tried[0]?.request_spec.instance_group).toMatchObject({ hosts: ['h2'], members: [member.uuid] });
  expect(await rows(cloud.api, 'SELECT instance_uuid, host FROM instance_group_members')).toEqual([
    { instance_uuid: member.uuid, host: 'h1' },
  ]);
});
