import { type Instance, messages, unplaced } from '@kilonova/compute-objects';
import { createMessageBus, type MessageBus, subscribeNotifications } from '@kilonova/messaging';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it } from 'vitest';
import { useCloud } from '../../spec-support/cloud.js';
import { held, useMoves } from '../../spec-support/moves.js';

const cloud = useCloud();
const moves = useMoves(cloud, 'h1', 'h2', 'h3');

beforeEach(() => moves.conductors());

const CHOICE = { image: null, admin_password: null, ends_stopped: true, forced: false };
const ask = (server: Instance) => moves.ask(server, 'evacuate', { ...unplaced(), ...CHOICE });
async function asked(): Promise<Instance> {
  const server = await moves.server();
  await ask(server);
  return server;
}
const both = { ...held('h1'), ...held('h2') };
const work = (host: string) => moves.bus().call(systemCtx(), messages.hostWork, { topic: 'conductor' }, { host });
const finish = (host: string, migrations: readonly string[]) =>
  moves.bus().call(systemCtx(), messages.finishEvacuations, { topic: 'conductor' }, { host, migrations });

describe('an evacuation', () => {
  it('puts the server on another host, which it holds beside the lost one until that has come back', async () => {
    const server = await asked();
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'accepted', migration_type: 'evacuation' });
    await moves.taken(server.uuid, 'h2', 'evacuate_instance');
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'pre-migrating', dest_compute: 'h2' });
    expect(await moves.instance(server.uuid)).toMatchObject({ host: 'h1', task_state: 'rebuilding' });
    expect((await moves.ledger(server.uuid)).server).toEqual(both);
    await moves.agent(server.uuid, 'h2', 'evacuate_instance', { power_state: 4 });
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'stopped', task_state: null, host: 'h2', node: 'h2' });
    const { uuid: migration, status } = await moves.migration(server.uuid);
    expect([status, (await moves.ledger(server.uuid)).server]).toEqual(['done', both]);

    const evacuated = [{ migration_uuid: migration, instance_uuid: server.uuid }];
    expect([(await work('h1')).evacuated, (await work('h2')).evacuated]).toEqual([evacuated, []]);
    expect(await finish('h2', [migration])).toEqual({ completed: 0 });
    expect(await finish('h1', [migration])).toEqual({ completed: 1 });
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'completed' });
    expect((await moves.ledger(server.uuid)).server).toEqual(held('h2'));
    expect([(await work('h1')).evacuated, await finish('h1', [migration])]).toEqual([[], { completed: 0 }]);
  });

  it('is told as scheduled before its agent is told, once a host is found', async () => {
    const told: string[] = [];
    const topics = ['versioned_notifications', 'notifications'];
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const outside = subscribeNotifications(
      { url: cloud.busUrl('api'), topics, log },
      ({ eventType }) => void told.push(eventType),
    );
    try {
      await outside.ready();
      const server = await asked();
      await moves.taken(server.uuid, 'h2', 'evacuate_instance');
      expect(told.sort()).toEqual(['compute.instance.rebuild.scheduled', 'instance.rebuild_scheduled']);
      cloud.scheduler.hosts = [];
      const nowhere = await moves.server();
      await ask(nowhere);
      expect(await moves.ended(nowhere.uuid)).toMatchObject({ host: 'h1', fault: expect.anything() });
      expect(told.filter((event) => event === 'instance.rebuild_scheduled')).toHaveLength(1);
    } finally {
      await outside.close();
    }
  });

  it('of a server that runs lets it run on', async () => {
    const server = await asked();
    await moves.agent(server.uuid, 'h2', 'evacuate_instance', { power_state: 1 });
    expect(await moves.ended(server.uuid)).toMatchObject({ vm_state: 'active', host: 'h2' });
  });

  it('takes the place of what was under way on the lost host', async () => {
    const server = await moves.server();
    await moves.ask(server, 'stop', { clean_shutdown: true });
    const stopping = await moves.instance(server.uuid);
    await moves.ask(stopping, 'evacuate', { ...unplaced(), ...CHOICE });
    await moves.agent(server.uuid, 'h2', 'evacuate_instance', { power_state: 4 });
    expect(await moves.ended(server.uuid)).toMatchObject({ host: 'h2' });
  });

  it('that fails on a host tries the next, and leaves the server as it was when there is none', async () => {
    const server = await asked();
    await moves.agent(server.uuid, 'h2', 'evacuate_instance', {}, true);
    await eventually(async () => expect((await moves.ledger(server.uuid)).server).toEqual({ ...held('h1'), ...held('h3') }));
    await moves.agent(server.uuid, 'h3', 'evacuate_instance', {}, true);
    expect(await moves.ended(server.uuid)).toMatchObject({
      vm_state: 'active',
      task_state: null,
      host: 'h1',
      fault: expect.anything(),
    });
    expect(await moves.migration(server.uuid)).toMatchObject({ status: 'failed' });
    expect((await moves.ledger(server.uuid)).server).toEqual(held('h1'));
  });

  it('of many at once brings all of them elsewhere', async () => {
    const servers: Instance[] = [];
    for (let n = 0; n < 4; n++) servers.push(await moves.server());
    await Promise.all(servers.map(ask));
    for (const { uuid } of servers) await moves.agent(uuid, 'h2', 'evacuate_instance', { power_state: 4 });
    for (const { uuid } of servers) expect(await moves.ended(uuid)).toMatchObject({ host: 'h2' });
    const { evacuated = [] } = await work('h1');
    expect(evacuated).toHaveLength(4);
    expect(
      await finish(
        'h1',
        evacuated.map((one) => one.migration_uuid),
      ),
    ).toEqual({ completed: 4 });
  });
});
