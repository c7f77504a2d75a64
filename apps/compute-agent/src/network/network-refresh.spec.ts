import type { ExternalInstanceEvent, Instance, RefreshNetworkInfo } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { MemoryNetworks, type Port } from '@kilonova/network-client';
import { systemCtx } from '@kilonova/util';
import { NoVolumes } from '@kilonova/volume-client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CellConductor } from '../cell/cell-conductor.client.js';
import { ExternalEventHandler } from '../external-event/external-event.handler.js';
import { ExternalEvents } from '../external-event/external-events.js';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';
import { managedHost } from '../spec-support/fake-cell.js';
import { NetworkRefresh } from './network-refresh.service.js';

const ctx = systemCtx();
const never = new AbortController().signal;
let networks: MemoryNetworks;
let blue: string;
let host: ManagedHost;
let servers: Instance[];
let told: RefreshNetworkInfo[];
let questions: number;
let lines: string[];
let refresh: NetworkRefresh;
let handler: ExternalEventHandler;

const conductor = {
  call: async (_ctx: unknown, { name }: { name: string }, args: RefreshNetworkInfo) => {
    if (name === 'instances_on_host') {
      questions += 1;
      return servers;
    }
    told.push(args);
    return { changed: args.instances.length };
  },
} as unknown as CellConductor;

/** A server with a port of its own, which its cell knows nothing of. */
async function server(): Promise<{ instance: Instance; port: Port }> {
  const instance = anInstance({ host: 'h', vm_state: 'active', project_id: 'p', network_info: [] });
  const made = await networks.createPort(ctx, { networkId: blue, projectId: 'p', serverId: instance.uuid, host: 'h' });
  if (made.outcome === 'refused') throw new Error(made.message);
  servers.push(instance);
  return { instance, port: made.port };
}

/** The cell stores what it was told last. */
function stored(): void {
  const found = new Map(told.at(-1)?.instances.map((each) => [each.instance_uuid, each.network_info]));
  servers = servers.map((each) => ({ ...each, network_info: found.get(each.uuid) ?? each.network_info }));
}

const happens = (...events: Array<Pick<ExternalInstanceEvent, 'instance_uuid' | 'name' | 'tag'>>) =>
  handler.deliver({ events: events.map((event) => ({ ...event, status: 'completed' as const })) }, {
    delivery: { target: { host: 'h' } },
  } as never);

beforeEach(() => {
  networks = new MemoryNetworks();
  blue = networks.addNetwork('blue', 'p', '10.0.0').id;
  host = managedHost([], () => ({}), 'h', new NoVolumes(), networks);
  [servers, told, lines, questions] = [[], [], [], 0];
  const log = { info: () => undefined, warn: (_fields: unknown, text: string) => void lines.push(text) };
  const hosts = new ManagedHosts([host]);
  refresh = new NetworkRefresh(hosts, conductor, { intervalMs: 0 }, log as never);
  handler = new ExternalEventHandler(new ExternalEvents(), hosts, refresh, log as never);
});

describe('interfaces that something was told of', () => {
  it.each(['network-changed', 'network-vif-plugged', 'network-vif-unplugged'])('are looked at: %s', async (name) => {
    const { instance, port } = await server();
    await happens({ instance_uuid: instance.uuid, name, tag: port.id });
    expect(told).toMatchObject([
      {
        host: 'h',
        instances: [
          {
            instance_uuid: instance.uuid,
            updated_at: instance.updated_at,
            network_info: [{ port_id: port.id, label: 'blue', security_groups: ['default'], preserve: true }],
          },
        ],
      },
    ]);
    stored();
    networks.changePort(port.id, { status: 'DOWN' });
    await happens({ instance_uuid: instance.uuid, name, tag: port.id });
    expect(told.at(-1)?.instances[0]?.network_info[0]?.port_state).toBe('DOWN');
  });

  it('are taken from the guest when their port is gone', async () => {
    const { instance, port } = await server();
    await refresh.ask(host, instance.uuid);
    stored();
    await host.driver.spawn({ instance: servers[0] as Instance, image: null, admin_password: null }, never);
    await networks.deletePort(ctx, port.id);
    await happens({ instance_uuid: instance.uuid, name: 'network-vif-deleted', tag: port.id });
    expect([host.driver.interfaces(instance.uuid), told.at(-1)?.instances[0]?.network_info]).toEqual([[], []]);
  });

  it('are not told of again when they are as they were', async () => {
    const { instance } = await server();
    await refresh.ask(host, instance.uuid);
    stored();
    await refresh.ask(host, instance.uuid);
    expect([told.length, questions]).toEqual([1, 2]);
  });

  it('cost few questions, however many there are', async () => {
    const all = await Promise.all(Array.from({ length: 150 }, server));
    await happens(...all.map(({ instance: { uuid } }) => ({ instance_uuid: uuid, name: 'network-changed', tag: null })));
    expect([questions <= 2, told.flatMap(({ instances }) => instances).length]).toEqual([true, 150]);
    for (const { instances } of told) expect(instances.length).toBeLessThanOrEqual(100);
  });

  it('are left to the next look while the network service is down, and events of other kinds pass', async () => {
    const { instance } = await server();
    networks.isDown = true;
    await happens({ instance_uuid: instance.uuid, name: 'network-changed', tag: null });
    await happens({ instance_uuid: instance.uuid, name: 'volume-reimaged', tag: null });
    expect([told, lines, questions]).toEqual([[], ['the interfaces of servers were not looked at'], 1]);
  });
});

describe('interfaces that nothing was told of', () => {
  it('are looked at, one server after the other', async () => {
    const uuids = (await Promise.all([server(), server(), server()])).map(({ instance }) => instance.uuid).sort();
    for (const _ of [1, 2, 3, 4]) await refresh.heal();
    expect(told.map(({ instances }) => instances.map((each) => each.instance_uuid))).toEqual(
      [...uuids, uuids[0]].map((uuid) => [uuid]),
    );
  });

  it('are passed over on a host that the server is only on its way to, and without a network service', async () => {
    const { instance } = await server();
    servers = [{ ...instance, host: 'other' }];
    await refresh.heal();
    const without = managedHost([], () => ({}), 'h');
    await refresh.ask(without, instance.uuid);
    expect([told, questions]).toEqual([[], 1]);
  });
});
