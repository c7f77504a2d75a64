import { type Instance, PowerState, type SyncPowerStates } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CellConductor } from '../cell/cell-conductor.client.js';
import { type ManagedHost, ManagedHosts } from '../host/managed-host.js';
import { managedHost } from '../spec-support/fake-cell.js';
import { PowerSync } from './power-sync.service.js';

const { RUNNING, SHUTDOWN } = PowerState;
const never = new AbortController().signal;

let hosts: [ManagedHost, ManagedHost];
let servers: Map<string, Instance[]>;
let told: SyncPowerStates[];
let lines: string[];
/** What happens between the question for the servers and the look at the guests. */
let onAsked: () => Promise<void>;

const conductor = {
  call: async (_ctx: unknown, { name }: { name: string }, args: SyncPowerStates) => {
    if (name === 'sync_power_states') {
      told.push(args);
      return { stopped: args.guests.length };
    }
    const found = servers.get(args.host);
    if (found === undefined) throw new Error('No response.');
    await onAsked();
    return found;
  },
} as unknown as CellConductor;

const sync = (): Promise<void> =>
  new PowerSync(new ManagedHosts(hosts), conductor, { intervalMs: 60_000 }, {
    warn: (_fields: unknown, text: string) => void lines.push(text),
  } as never).run();

async function server(host: ManagedHost, given: Partial<Instance> = {}): Promise<Instance> {
  const fields = { host: host.host, vm_state: 'active', task_state: null, power_state: RUNNING } as const;
  const instance = anInstance({ ...fields, updated_at: '2026-01-31T10:00:00.000Z', ...given });
  servers.set(host.host, [...(servers.get(host.host) ?? []), instance]);
  await host.driver.spawn({ instance, image: null, admin_password: null }, never);
  return instance;
}

beforeEach(() => {
  [told, lines] = [[], []];
  onAsked = async () => undefined;
  hosts = [managedHost([], () => ({}), 'h1'), managedHost([], () => ({}), 'h2')];
  servers = new Map(hosts.map(({ host }) => [host, []]));
});

describe('the power of guests', () => {
  it('is told only where it is not as the server says, one message a host', async () => {
    const [host] = hosts;
    await server(host);
    const off = await server(host);
    await host.driver.powerOff(off.uuid, 0, never);
    await sync();
    expect(told).toEqual([
      { host: 'h1', guests: [{ instance_uuid: off.uuid, updated_at: off.updated_at, power_state: SHUTDOWN }] },
    ]);
  });

  it('is told again where the server is still not what it should be', async () => {
    const [host] = hosts;
    const off = await server(host, { power_state: SHUTDOWN });
    await host.driver.powerOff(off.uuid, 0, never);
    await sync();
    expect(told[0]?.guests).toHaveLength(1);
  });

  it('is not looked at while something is done to the server', async () => {
    const [host] = hosts;
    const stopping = await server(host, { task_state: 'powering-off' });
    await host.driver.powerOff(stopping.uuid, 0, never);
    await sync();
    expect(told).toEqual([]);
  });

  it('is looked at after the server, so that a change in between is told with the old time', async () => {
    const [host] = hosts;
    const instance = await server(host);
    onAsked = () => host.driver.powerOff(instance.uuid, 0, never);
    await sync();
    expect(told[0]?.guests[0]).toMatchObject({ updated_at: instance.updated_at, power_state: SHUTDOWN });
  });

  it('is only warned of where nobody can say what to do', async () => {
    const [host] = hosts;
    const paused = await server(host, { power_state: PowerState.PAUSED });
    await host.driver.pause(paused.uuid, never);
    await sync();
    expect([told, lines]).toEqual([[], ['the power of a guest is not as it should be']]);
  });

  it('of one host is compared although another cannot be', async () => {
    const [down, up] = hosts;
    servers.delete(down.host);
    const off = await server(up);
    await up.driver.powerOff(off.uuid, 0, never);
    await sync();
    expect(told.map(({ host }) => host)).toEqual(['h2']);
  });
});
