import type { RequestedNetworks, Vif } from '@kilonova/compute-objects';
import { execute, rows } from '@kilonova/sql';
import { systemCtx } from '@kilonova/util';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useServerCloud } from '../../spec-support/server-cloud.js';

const ctx = systemCtx();
const NONE = '00000000-0000-4000-8000-00000000000f';

describe('servers in networks', () => {
  const cloud = useServerCloud();
  let own: string;
  let bare: string;
  beforeAll(() => {
    own = cloud.networks.addNetwork('blue', 'p', '10.0.0').id;
    bare = cloud.networks.addNetwork('bare', 'p').id;
    cloud.networks.addNetwork('red', 'q', '10.1.0');
    cloud.networks.addNetwork('green', 'q', '10.2.0');
  });
  beforeEach(async () => {
    cloud.networks.isDown = false;
    await cloud.clear();
  });

  /** A port of a project that no server has. */
  const freePort = async (projectId = 'p') => {
    const made = await cloud.networks.createPort(ctx, { networkId: own, projectId, serverId: '', host: '' });
    if (made.outcome === 'refused') throw new Error(made.message);
    return made.port;
  };
  const asked = async (): Promise<RequestedNetworks | undefined> =>
    (await rows<{ spec: { requested_networks: RequestedNetworks } }>(cloud.api, 'SELECT spec FROM request_specs'))[0]?.spec
      .requested_networks;

  it('are put into the only one that their project has, or into none', async () => {
    expect((await cloud.create({ networks: 'auto' })).status).toBe(202);
    expect(await asked()).toEqual([{ uuid: own }]);
    await cloud.clear();
    await cloud.create({ networks: 'auto' }, { as: 'u:nobody' });
    expect(await asked()).toBe('none');
    const { status, body } = await cloud.create({ networks: 'auto' }, { as: 'u:q' });
    expect([status, body.conflictingRequest.message]).toEqual([
      409,
      'Multiple possible networks found, use a Network ID to be more specific.',
    ]);
  });

  it('keep what they ask for', async () => {
    const { id: port } = await freePort();
    const networks = [{ uuid: own, fixed_ip: '10.0.0.9', tag: 'nic' }, { port }];
    expect((await cloud.create({ networks })).status).toBe(202);
    expect(await asked()).toEqual(networks);
  });

  it('C1: get no port of another project, though who asks for it sees it', async () => {
    const { id } = await freePort('q');
    const { status, body } = await cloud.create({ networks: [{ port: id }] }, { as: 'admin:p' });
    expect([status, body.badRequest.message]).toEqual([400, `Port ${id} is not usable for servers of this project.`]);
  });

  it('are told what they cannot have', async () => {
    const used = await freePort();
    await cloud.networks.bindPort(ctx, used.id, 'server', 'h1');
    const free = await freePort();
    const cases: Array<[object, number, string]> = [
      [{ networks: [{ uuid: NONE }] }, 400, `Network ${NONE} could not be found.`],
      [{ networks: [{ uuid: bare }] }, 400, `Network ${bare} requires a subnet in order to boot instances on.`],
      [{ networks: [{ port: NONE }] }, 400, `Port id ${NONE} could not be found.`],
      [{ networks: [{ port: used.id }] }, 409, `Port ${used.id} is still in use.`],
      [
        { networks: [{ port: free.id }], min_count: 2 },
        400,
        'Unable to launch multiple instances with a single configured port ID.',
      ],
      [{ networks: [{ uuid: own, fixed_ip: '10.0.0.8' }], min_count: 2 }, 400, 'Failed to launch instances: max_count cannot be'],
      [{ networks: [{ port: free.id, fixed_ip: '10.0.0.8' }] }, 400, `Specified Fixed IP '10.0.0.8' cannot be used with port`],
    ];
    for (const [server, wanted, message] of cases) {
      const { status, body } = await cloud.create(server as Record<string, unknown>);
      expect([status, Object.values(body as Record<string, { message: string }>)[0]?.message]).toEqual([
        wanted,
        expect.stringContaining(message),
      ]);
    }
    cloud.networks.isDown = true;
    expect((await cloud.create({ networks: [{ uuid: own }] })).status).toBe(503);
  });

  it('show addresses and interfaces from what their cell remembers, and give them back at their end', async () => {
    const id = await cloud.active();
    const kept = await freePort();
    await cloud.networks.bindPort(ctx, kept.id, id, 'host1');
    const made = await cloud.networks.createPort(ctx, { networkId: own, projectId: 'p', serverId: id, host: 'host1' });
    const vif: Vif = {
      port_id: kept.id,
      network_id: own,
      label: 'blue',
      mac_address: kept.macAddress,
      fixed_ips: [{ address: '10.0.0.9', version: 4, subnet_id: NONE }],
      port_state: 'ACTIVE',
      preserve: true,
      tag: 'nic',
    };
    await execute(cloud.cell1, 'UPDATE instances SET network_info = $2::jsonb WHERE uuid = $1', [id, JSON.stringify([vif])]);
    cloud.networks.isDown = true;
    const ask = async (path: string, at = '2.96') => (await cloud.call('GET', `/servers/${id}${path}`, { at })).body;
    expect((await ask('')).server.addresses.blue).toMatchObject([{ addr: '10.0.0.9', 'OS-EXT-IPS:type': 'fixed' }]);
    expect(await ask('/ips')).toEqual({ addresses: { blue: [{ version: 4, addr: '10.0.0.9' }] } });
    expect(await ask('/ips/blue')).toEqual({ blue: [{ version: 4, addr: '10.0.0.9' }] });
    const shown = {
      port_id: kept.id,
      net_id: own,
      mac_addr: kept.macAddress,
      port_state: 'ACTIVE',
      fixed_ips: [{ ip_address: '10.0.0.9', subnet_id: NONE }],
    };
    expect(await ask('/os-interface', '2.69')).toEqual({ interfaceAttachments: [shown] });
    expect(await ask(`/os-interface/${kept.id}`)).toEqual({ interfaceAttachment: { ...shown, tag: 'nic' } });
    expect((await cloud.call('GET', `/servers/${id}/os-interface/${NONE}`)).status).toBe(404);
    cloud.networks.isDown = false;
    await cloud.change(id, { host: null, vm_state: 'error' });
    expect((await cloud.call('DELETE', `/servers/${id}`)).status).toBe(204);
    expect([await cloud.networks.portsOf(ctx, id), made.outcome]).toEqual([[], 'done']);
    const who = { token: '', projectId: 'p', isAdmin: false };
    expect((await cloud.networks.findPort(ctx, who, kept.id))?.serverId).toBe('');
  });
});
