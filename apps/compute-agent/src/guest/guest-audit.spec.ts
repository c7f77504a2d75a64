import type { Instance } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { eventually } from '@kilonova/testing';
import type { FakeBehaviour } from '@kilonova/virt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CellConductor } from '../cell/cell-conductor.client.js';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';
import { managedHost } from '../spec-support/fake-cell.js';
import { type GuestAction, GuestAudit } from './guest-audit.service.js';
import { RemoveGuest } from './remove-guest.service.js';

let hosts: [ManagedHost, ManagedHost];
let behaviour: Partial<FakeBehaviour>;
/** The servers of each host, as the cell knows them; a host that is left out cannot be asked about. */
let servers: Map<string, Instance[]>;
let asked: number;
let onAsked: () => Promise<void>;
let lines: string[];
let audit: GuestAudit;

const conductor = {
  call: async (_ctx: unknown, _message: unknown, { host }: { host: string }) => {
    asked += 1;
    await onAsked();
    const found = servers.get(host);
    if (found === undefined) throw new Error('No response.');
    return found;
  },
} as unknown as CellConductor;

const auditWith = (action: GuestAction, cell = conductor): GuestAudit =>
  new GuestAudit(
    new ManagedHosts(hosts),
    cell,
    { intervalMs: 1, action },
    {
      warn: (_fields: unknown, text: string) => void lines.push(text),
    } as never,
    new RemoveGuest(),
  );

/** A server with a guest; the cell knows it. */
async function server(host: ManagedHost): Promise<Instance> {
  const instance = anInstance({ host: host.host });
  servers.get(host.host)?.push(instance);
  host.instances.set(instance.uuid, instance);
  await host.driver.spawn({ instance, image: null, admin_password: null }, new AbortController().signal);
  return instance;
}
const deleted = (host: ManagedHost): void => void servers.set(host.host, []);

beforeEach(() => {
  [behaviour, asked, lines] = [{}, 0, []];
  onAsked = async () => undefined;
  hosts = [managedHost([], () => behaviour, 'h1'), managedHost([], () => behaviour, 'h2')];
  servers = new Map(hosts.map(({ host }) => [host, []]));
  audit = auditWith('reap');
});
afterEach(() => audit.beforeApplicationShutdown());

describe('guests and servers are compared', () => {
  it('M10: a guest whose server was deleted while its host was down is ended when two rounds found it', async () => {
    const [host] = hosts;
    const gone = await server(host);
    deleted(host);
    const stays = await server(host);
    await audit.run();
    expect(host.driver.guests()).toEqual([gone.uuid, stays.uuid]);
    await audit.run();
    expect([host.driver.guests(), [...host.instances.keys()]]).toEqual([[stays.uuid], [stays.uuid]]);
  });

  it('M10: one that a round knows again is no suspect any more', async () => {
    const [host] = hosts;
    const instance = await server(host);
    for (const known of [[], [instance], [], [instance]]) {
      servers.set(host.host, known);
      await audit.run();
    }
    expect(host.driver.guests()).toEqual([instance.uuid]);
  });

  it('M10: a guest whose build is under way stays: its server is on the host before it', async () => {
    const [host] = hosts;
    const building = anInstance({ host: host.host, vm_state: 'building', task_state: 'spawning' });
    await audit.run();
    servers.set(host.host, [building]);
    await host.driver.spawn({ instance: building, image: null, admin_password: null }, new AbortController().signal);
    await audit.run();
    await audit.run();
    expect([host.driver.guests(), lines]).toEqual([[building.uuid], []]);
  });

  it('M10: one that appears between the two lists is not judged', async () => {
    const [host] = hosts;
    onAsked = async () => {
      for (const guest of host.driver.guests()) await host.driver.destroy(guest);
      await server(host);
      deleted(host);
    };
    for (let round = 0; round < 3; round++) await audit.run();
    expect([host.driver.guests().length, lines]).toEqual([1, []]);
  });

  it('M10: `log` tells of it each time and removes nothing', async () => {
    const [host] = hosts;
    const { uuid } = await server(host);
    deleted(host);
    audit = auditWith('log');
    for (let round = 0; round < 3; round++) await audit.run();
    expect([host.driver.guests(), lines.length]).toEqual([[uuid], 2]);
  });

  it('M10: `noop` does not look', async () => {
    const silent = auditWith('noop', { call: () => Promise.reject(new Error('asked')) });
    silent.onApplicationBootstrap();
    audit.onApplicationBootstrap();
    await eventually(() => expect(asked).toBeGreaterThan(4));
    await silent.beforeApplicationShutdown();
    expect(lines).toEqual([]);
  });

  it('M10: a host that cannot be asked about keeps no other waiting, and nothing is taken for gone there', async () => {
    const [silent, other] = hosts;
    const kept = await server(silent);
    await server(other);
    servers.delete(silent.host);
    deleted(other);
    await audit.run();
    await audit.run();
    expect([silent.driver.guests(), other.driver.guests()]).toEqual([[kept.uuid], []]);
    expect(lines).toContain('the guests of a host were not compared with its servers');
  });

  it('M10: a guest that cannot be removed keeps no other waiting, and is tried again', async () => {
    const [host, other] = hosts;
    await server(host);
    await server(host);
    await server(other);
    deleted(host);
    deleted(other);
    await audit.run();
    behaviour = { failing: ['*:destroy'] };
    await audit.run();
    expect([host.driver.guests().length, other.driver.guests().length]).toEqual([2, 1]);
    expect(lines.filter((line) => line.endsWith('could not be removed'))).toHaveLength(3);
    behaviour = {};
    await audit.run();
    expect([host.driver.guests(), other.driver.guests()]).toEqual([[], []]);
  });
});
