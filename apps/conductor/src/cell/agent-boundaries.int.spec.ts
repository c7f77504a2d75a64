import { randomUUID } from 'node:crypto';
import { agentRights, agentUser, preparedHost, preparedTopology } from '@kilonova/messaging';
import { rows } from '@kilonova/sql';
import { RawClient, useBroker } from '@kilonova/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../spec-support/cloud.js';

const cloud = useCloud();
const broker = useBroker();
const CELL = 'cell1';
const QUEUE = `${CELL}.conductor`;
const [mine, other] = [`a-${randomUUID().slice(0, 8)}`, `b-${randomUUID().slice(0, 8)}`];
const own = { userId: agentUser(mine) };
let agent: RawClient;
let theirs: string;

beforeEach(async () => {
  const user = decodeURIComponent(new URL(broker.url).username);
  await cloud.conductor('cell', { 'messaging.url': broker.url, 'messaging.controlPlaneUsers': user });
  for (const definitions of [preparedTopology(broker.vhost, CELL, 'compute'), preparedHost(broker.vhost, CELL, mine)]) {
    await broker.management.loadDefinitions(definitions);
  }
  agent = await RawClient.connect(await broker.user(own.userId, agentRights(CELL, mine)), CELL, mine);
  await agent.hello();
  theirs = randomUUID();
  await rows(
    cloud.cell1,
    `INSERT INTO instances (uuid, display_name, hostname, project_id, user_id, reservation_id, vm_state, host, node, flavor)
     VALUES ($1, 'vm', 'vm', 'p1', 'u1', 'r-1', 'active', $2, $2, '{}')`,
    [theirs, other],
  );
  await rows(
    cloud.cell1,
    `INSERT INTO services (host, "binary", topic, version, last_seen_up) VALUES ($1, 'nova-compute', 'compute', 1, now() - interval '1 hour')`,
    [other],
  );
});
afterEach(() => agent.close());

describe("an agent with its own password, about another agent's host", () => {
  const messages = [
    ['instances_on_host', () => ({ host: other })],
    ['host_work', () => ({ host: other })],
    ['take_step', () => step()],
    ['advance_step', () => ({ ...step(), task_state: 'spawning' })],
    ['finish_step', () => ({ ...step(), updates: { power_state: 4 } })],
    ['heartbeat', () => ({ binary: 'nova-compute', hosts: [other] })],
  ] as const;

  const step = () => ({
    operation_uuid: randomUUID(),
    instance_uuid: theirs,
    attempt: 1,
    step: 'terminate_instance',
    host: other,
  });

  const seen = () =>
    rows(
      cloud.cell1,
      `SELECT i.vm_state, s.last_seen_up < now() - interval '30 minutes' AS silent FROM instances i JOIN services s ON s.host = i.host`,
    );

  it.each(messages)('C3: %s is refused without a user id', async (method, args) => {
    expect(await agent.call(QUEUE, method, args())).toEqual({ code: 'messaging.sender.missing' });
    expect(await seen()).toEqual([{ vm_state: 'active', silent: true }]);
  });

  it.each(messages)('C3: %s is refused with its own', async (method, args) => {
    expect(await agent.call(QUEUE, method, args(), own)).toEqual({ code: 'conductor.agent.foreign_host' });
    expect(await seen()).toEqual([{ vm_state: 'active', silent: true }]);
  });

  it.each(messages)("C3: %s cannot be sent under another's name", async (method, args) => {
    const user = decodeURIComponent(new URL(broker.url).username);
    expect(await agent.call(QUEUE, method, args(), { userId: user })).toBe('refused');
    expect(await seen()).toEqual([{ vm_state: 'active', silent: true }]);
  });

  it('C3: and is answered about its own', async () => {
    expect(await agent.call(QUEUE, 'instances_on_host', { host: mine }, own)).toEqual({ result: [] });
  });

  it.each([['host'], ['node'], ['vm_state'], ['project_id'], ['user_data']])(
    'L14: a step that ends cannot set %s of its instance: agents report facts',
    async (column) => {
      await rows(cloud.cell1, 'UPDATE instances SET host = $1, node = $1', [mine]);
      const updates = { power_state: 1, [column]: other };
      expect(await agent.call(QUEUE, 'finish_step', { ...step(), host: mine, updates }, own)).toEqual({
        code: 'cell.instance.field_not_updatable',
      });
      const [instance] = await rows<Record<string, unknown>>(cloud.cell1, 'SELECT * FROM instances');
      expect(instance).toMatchObject({ host: mine, node: mine, vm_state: 'active', project_id: 'p1', user_data: null });
    },
  );

  it('C3: casts are not taken from it by the broker', async () => {
    expect(await agent.cast(QUEUE, 'reschedule_build', { instance_uuid: theirs, failed_host: other }, own)).toBe('refused');
  });
});
