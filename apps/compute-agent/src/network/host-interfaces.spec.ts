import type { OperationName } from '@kilonova/compute-objects';
import { MemoryNetworks, type Port } from '@kilonova/network-client';
import { systemCtx } from '@kilonova/util';
import type { FakeBehaviour } from '@kilonova/virt';
import { NoVolumes } from '@kilonova/volume-client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ManagedHost } from '../host/managed-host.js';
import { FakeCell, managedHost } from '../spec-support/fake-cell.js';
import { runSteps } from '../spec-support/run-steps.js';

const ctx = systemCtx();
const who = { token: '', projectId: 'p1', isAdmin: false };
let networks: MemoryNetworks;
let blue: string;
let behaviour: Partial<FakeBehaviour>;
let host: ManagedHost;
let events: string[];

const run = (cell: FakeCell): Promise<void> => runSteps(host, cell);

/** A port of project p1, of no server or of one on host `h`. */
async function portOf(serverId: string): Promise<Port> {
  const made = await networks.createPort(ctx, { networkId: blue, projectId: 'p1', serverId, host: serverId === '' ? '' : 'h' });
  if (made.outcome === 'refused') throw new Error(made.message);
  return made.port;
}

/** A running guest that an interface is asked for: one that was made for it, or a port of its owner. */
async function asked(preserve: boolean): Promise<{ cell: FakeCell; port: Port }> {
  const cell = new FakeCell('attachInterface', { vm_state: 'active', task_state: null, host: 'h' });
  await host.driver.spawn({ instance: cell.instance, image: null, admin_password: null }, AbortSignal.timeout(5_000));
  const port = await portOf(preserve ? '' : cell.instance.uuid);
  cell.arguments = { subject: { port_id: port.id }, preserve, tag: 'nic' };
  return { cell, port };
}

/** A running guest with an interface; another operation is about it. */
async function attached(preserve: boolean, operation: OperationName): Promise<{ cell: FakeCell; port: Port }> {
  const given = await asked(preserve);
  await run(given.cell);
  given.cell.begin(operation);
  events.length = 0;
  return given;
}

const has = (cell: FakeCell) => [
  host.driver.interfaces(cell.instance.uuid),
  cell.instance.network_info.map((vif) => vif.port_id),
];
const ownerOf = async ({ id }: Port) => (await networks.findPort(ctx, who, id))?.serverId;

beforeEach(() => {
  networks = new MemoryNetworks();
  blue = networks.addNetwork('blue', 'p1', '10.0.0').id;
  behaviour = {};
  events = [];
  host = managedHost(events, () => behaviour, 'h', new NoVolumes(), networks);
});

describe('an interface of a running guest', () => {
  it.each([true, false])('is attached behind a port that its owner keeps: %s', async (preserve) => {
    const { cell, port } = await asked(preserve);
    await run(cell);
    expect(has(cell)).toEqual([[port.id], [port.id]]);
    expect(cell.instance.network_info[0]).toMatchObject({ label: 'blue', preserve, tag: 'nic', port_state: 'ACTIVE' });
    expect([await ownerOf(port), events]).toEqual([
      cell.instance.uuid,
      ['instance.interface_attach.start', 'instance.interface_attach.end'],
    ]);
  });

  it.each([
    ['deleted', false, undefined],
    ['given back to its owner', true, ''],
  ] as const)('that cannot be attached is not there, its port %s', async (_what, preserve, owner) => {
    behaviour = { failing: ['*:attachInterface'] };
    const { cell, port } = await asked(preserve);
    await run(cell);
    expect([has(cell), await ownerOf(port)]).toEqual([[[], []], owner]);
    expect([cell.finished[0]?.fault?.code, cell.instance.vm_state]).toEqual([500, 'active']);
    expect(events.at(-1)).toBe('instance.interface_attach.error');
  });

  it('that the hypervisor has no way to attach is said to be so', async () => {
    behaviour = { unsupported: ['*:attachInterface'] };
    const { cell } = await asked(false);
    await run(cell);
    expect(cell.finished[0]?.fault?.code).toBe(501);
  });

  it('is not had where somebody else has the port by now', async () => {
    const { cell, port } = await asked(true);
    await networks.bindPort(ctx, port.id, 'other', 'x');
    await run(cell);
    expect([has(cell), cell.finished[0]?.fault?.message]).toEqual([[[], []], `Port ${port.id} is still in use.`]);
  });

  it.each([
    ['deleted', false, undefined],
    ['given back to its owner', true, ''],
  ] as const)('is detached, its port %s', async (_what, preserve, owner) => {
    const { cell, port } = await attached(preserve, 'detachInterface');
    await run(cell);
    expect([has(cell), await ownerOf(port)]).toEqual([[[], []], owner]);
    expect(events).toEqual(['instance.interface_detach.start', 'instance.interface_detach.end']);
  });

  it('that the guest does not let go stays, and so does one whose port cannot be given back', async () => {
    behaviour = { failing: ['*:detachInterface'] };
    const { cell, port } = await attached(false, 'detachInterface');
    await run(cell);
    expect([has(cell), events]).toEqual([[[port.id], [port.id]], ['instance.interface_detach.start']]);
    behaviour = {};
    networks.isDown = true;
    cell.begin('detachInterface');
    await run(cell);
    expect(cell.instance.network_info).toHaveLength(1);
    networks.isDown = false;
    cell.begin('detachInterface');
    await run(cell);
    expect([has(cell), await ownerOf(port)]).toEqual([[[], []], undefined]);
  });
});
