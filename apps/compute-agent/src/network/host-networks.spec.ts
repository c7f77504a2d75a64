import type { OperationName, RequestedNetworks } from '@kilonova/compute-objects';
import { anInstance } from '@kilonova/compute-samples';
import { MemoryNetworks, type Port } from '@kilonova/network-client';
import { systemCtx } from '@kilonova/util';
import type { FakeBehaviour } from '@kilonova/virt';
import { NoVolumes } from '@kilonova/volume-client';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ManagedHost } from '../host/managed-host.js';
import { FakeCell, managedHost } from '../spec-support/fake-cell.js';
import { runSteps } from '../spec-support/run-steps.js';
import { FinishResize } from '../steps/finish-resize.step.js';
import { FinishRevertResize } from '../steps/finish-revert-resize.step.js';
import { PostLiveMigrationAtDestination } from '../steps/post-live-migration-at-destination.step.js';

const ctx = systemCtx();
const who = { token: '', projectId: 'p1', isAdmin: false };
let networks: MemoryNetworks;
let behaviour: Partial<FakeBehaviour>;
let host: ManagedHost;
let blue: string;
let port: Port;

const run = (cell: FakeCell): Promise<void> => runSteps(host, cell);

function cellOf(
  operation: OperationName,
  requested_networks: RequestedNetworks = [{ uuid: blue, tag: 'a' }, { port: port.id }],
): FakeCell {
  const cell = new FakeCell(operation);
  cell.arguments = { requested_networks };
  return cell;
}

beforeEach(async () => {
  networks = new MemoryNetworks();
  blue = networks.addNetwork('blue', 'p1', '10.0.0').id;
  const made = await networks.createPort(ctx, { networkId: blue, projectId: 'p1', serverId: '', host: '' });
  if (made.outcome === 'refused') throw new Error(made.message);
  port = made.port;
  behaviour = {};
  host = managedHost([], () => behaviour, 'h', new NoVolumes(), networks);
});

describe('a build in networks', () => {
  it('makes and binds ports, and has them remembered', async () => {
    const cell = cellOf('build');
    await run(cell);
    const ports = await networks.portsOf(ctx, cell.instance.uuid);
    expect(ports).toHaveLength(2);
    expect(cell.instance.network_info).toMatchObject([
      { label: 'blue', preserve: false, tag: 'a', fixed_ips: [{ version: 4 }], port_state: 'ACTIVE' },
      { port_id: port.id, label: 'blue', preserve: true, tag: null },
    ]);
  });

  it('takes on what an earlier try of it made', async () => {
    const cell = cellOf('build', [{ uuid: blue }]);
    const { uuid, project_id } = cell.instance;
    await host.networks.allocate(ctx, { uuid, project_id }, [{ uuid: blue }]);
    await run(cell);
    expect(await networks.portsOf(ctx, uuid)).toHaveLength(1);
  });

  it('C1: takes on no port that another project made in the name of its server', async () => {
    const { uuid, project_id } = cellOf('build').instance;
    const theirs = await networks.createPort(ctx, { networkId: blue, projectId: 'p2', serverId: uuid, host: '' });
    const [vif] = await host.networks.allocate(ctx, { uuid, project_id }, [{ uuid: blue }]);
    expect(theirs).toMatchObject({ outcome: 'done', port: { projectId: 'p2' } });
    expect(theirs.outcome === 'done' && theirs.port.id).not.toBe(vif?.port_id);
  });

  it('that fails gives them back', async () => {
    behaviour = { brokenHosts: ['h'] };
    const cell = cellOf('build');
    await run(cell);
    expect(await networks.portsOf(ctx, cell.instance.uuid)).toEqual([]);
    expect((await networks.findPort(ctx, who, port.id))?.serverId).toBe('');
  });

  it('fails where a port is somebody else’s by now', async () => {
    await networks.bindPort(ctx, port.id, 'other', 'x');
    const cell = cellOf('build');
    await run(cell);
    expect(cell.finished[0]?.fault?.details).toContain('is still in use');
  });

  it('asks nobody about no network', async () => {
    networks.isDown = true;
    const cell = cellOf('build', 'none');
    await run(cell);
    expect(cell.finished[0]?.fault).toBeUndefined();
  });
});

describe('a delete', () => {
  it('deletes the ports that were made for the server, and keeps the others', async () => {
    const build = cellOf('build');
    await run(build);
    build.begin('delete');
    await run(build);
    expect(await networks.portsOf(ctx, build.instance.uuid)).toEqual([]);
    expect((await networks.findPort(ctx, who, port.id))?.serverId).toBe('');
    expect(build.instance.vm_state).toBe('deleted');
  });

  it('is not kept from its end by a network service that is down', async () => {
    const cell = cellOf('delete');
    networks.isDown = true;
    await run(cell);
    expect(cell.instance.vm_state).toBe('deleted');
  });
});

describe('a server that comes from another host', () => {
  /** The hosts that ports are bound to from now on. */
  const hostsThatBind = (): string[] => {
    const bound: string[] = [];
    const service = networks.bindPort.bind(networks);
    networks.bindPort = (c, id, server, at) => {
      bound.push(at);
      return service(c, id, server, at);
    };
    return bound;
  };

  it('has its ports bound here, as often as it is told', async () => {
    const { uuid, project_id } = cellOf('build').instance;
    const elsewhere = managedHost([], () => ({}), 'other', new NoVolumes(), networks);
    const network_info = await elsewhere.networks.allocate(ctx, { uuid, project_id }, [{ uuid: blue }]);
    const bound = hostsThatBind();
    for (const _ of [1, 2]) await host.networks.bindHere(ctx, { uuid, network_info });
    expect([bound, (await networks.portsOf(ctx, uuid)).length]).toEqual([['h', 'h'], 1]);
  });

  it.each([FinishResize, FinishRevertResize, PostLiveMigrationAtDestination])(
    'has them bound by the end of its move: %o',
    async (End) => {
      const { uuid, project_id } = cellOf('build').instance;
      const elsewhere = managedHost([], () => ({}), 'other', new NoVolumes(), networks);
      const network_info = await elsewhere.networks.allocate(ctx, { uuid, project_id }, [{ uuid: blue }]);
      const instance = anInstance({ uuid, network_info, vm_state: 'active', host: 'h' });
      const { signal } = new AbortController();
      await host.driver.spawn({ instance, image: null, admin_password: null }, signal);
      const move = () => ({ instance, migration: { uuid: 'm' } });
      const bound = hostsThatBind();
      const work = { ctx, host, driver: host.driver, instance, blockDevices: [], move, signal };
      await new End({ register: () => undefined } as never).run(work as never);
      expect(bound).toEqual(['h']);
    },
  );

  it('does not come where a port is gone', async () => {
    const { uuid, project_id } = cellOf('build').instance;
    const network_info = await host.networks.allocate(ctx, { uuid, project_id }, [{ uuid: blue }]);
    await host.networks.end(ctx, uuid, []);
    await expect(host.networks.bindHere(ctx, { uuid, network_info })).rejects.toMatchObject({ kind: 'not-found' });
  });
});
