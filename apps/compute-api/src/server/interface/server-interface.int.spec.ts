import { OperationRepository } from '@kilonova/cell-db';
import { execute } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useServerCloud } from '../../spec-support/server-cloud.js';

const ctx = systemCtx();
const NONE = '00000000-0000-4000-8000-00000000000f';
const who = { token: '', projectId: 'p', isAdmin: false };

describe('interfaces of servers', () => {
  const cloud = useServerCloud({ messaging: { callTimeoutSeconds: 1 } });
  const operations = new OperationRepository();
  let own: string;
  let bare: string;
  let out: string;
  beforeAll(() => {
    own = cloud.networks.addNetwork('blue', 'p', '10.0.0').id;
    bare = cloud.networks.addNetwork('bare', 'p').id;
    out = cloud.networks.addNetwork('out', 'p', '10.9.0', true).id;
    cloud.networks.addNetwork('red', 'q', '10.1.0');
    cloud.networks.addNetwork('green', 'q', '10.2.0');
  });
  beforeEach(async () => {
    cloud.networks.isDown = false;
    cloud.networks.portQuota = Number.POSITIVE_INFINITY;
    cloud.onCast = () => Promise.resolve({ outcome: 'unsupported' });
    await cloud.clear();
    await cloud.host('host1');
    await execute(cloud.cell1, `UPDATE services SET forced_down = false WHERE host = 'host1'`);
  });

  /** What agents were told, and where. */
  const told = () => cloud.casts.filter(({ host }) => host !== undefined).map(({ method, host }) => [method, host]);

  const attach = (server: string, interfaceAttachment: object, call: object = {}) =>
    cloud.call('POST', `/servers/${server}/os-interface`, { body: { interfaceAttachment }, ...call });
  const portOfOwner = async (given: object = {}) => {
    const made = await cloud.networks.createPort(ctx, { networkId: own, projectId: 'p', serverId: '', host: '' });
    if (made.outcome === 'refused') throw new Error(made.message);
    cloud.networks.changePort(made.port.id, given);
    return made.port;
  };
  /** The agent ends what it is told with a fault, or without; the server keeps its networks as they are. */
  const agentEnds = (fault: { code: number } | null = null) => {
    cloud.onCast = async ({ args }) => {
      const { instance_uuid: uuid } = args as { instance_uuid: string };
      if (fault !== null)
        await execute(cloud.cell1, 'UPDATE instances SET fault = $2::jsonb WHERE uuid = $1', [
          uuid,
          JSON.stringify({
            code: fault.code,
            message: 'Error',
            details: '',
            host: 'host1',
            created_at: new Date().toISOString(),
          }),
        ]);
      const end = fault === null ? '' : `, message = 'Error'`;
      await execute(cloud.cell1, `UPDATE instance_actions SET finish_time = now()${end} WHERE instance_uuid = $1`, [uuid]);
      await execute(cloud.cell1, 'DELETE FROM operations WHERE instance_uuid = $1', [uuid]);
      return {};
    };
  };

  it('are attached to a network: a port is made for the server, and its agent told', async () => {
    agentEnds();
    const server = await cloud.active();
    const { status, body } = await attach(server, { net_id: own, fixed_ips: [{ ip_address: '10.0.0.77' }], tag: 'nic' });
    const [port] = await cloud.networks.portsOf(ctx, server);
    expect([status, body.interfaceAttachment]).toEqual([
      200,
      {
        port_id: port?.id,
        net_id: own,
        mac_addr: port?.macAddress,
        port_state: 'ACTIVE',
        fixed_ips: [{ ip_address: '10.0.0.77', subnet_id: port?.fixedIps[0]?.subnetId }],
        tag: 'nic',
      },
    ]);
    expect(told()).toEqual([['attach_interface', 'host1']]);
    const actions = await cloud.call('GET', `/servers/${server}/os-instance-actions`);
    expect(actions.body.instanceActions[0].action).toBe('attach_interface');
  });

  it('without a word on where are in the only network of the project', async () => {
    agentEnds();
    const server = await cloud.active();
    const { status, body } = await attach(server, {}, { at: '2.1' });
    expect([status, body.interfaceAttachment.net_id, Object.keys(body.interfaceAttachment)]).toEqual([
      200,
      own,
      expect.not.arrayContaining(['tag']),
    ]);
  });

  it('are attached behind a port of the owner, which outlives the server', async () => {
    const server = await cloud.active();
    const port = await portOfOwner();
    const { status, body } = await attach(server, { port_id: port.id });
    expect([status, body.interfaceAttachment.port_id]).toEqual([200, port.id]);
    expect((await operations.find(cloud.cell1, server))?.arguments).toEqual({
      subject: { port_id: port.id },
      preserve: true,
      tag: null,
    });
  });

  it('C1: are not attached behind a port of another project, though who asks for it sees it', async () => {
    const server = await cloud.active();
    const port = await portOfOwner({ projectId: 'q' });
    const { status, body } = await attach(server, { port_id: port.id }, { as: 'admin:p' });
    expect([status, body.badRequest.message]).toEqual([400, `Port ${port.id} not usable for instance ${server}.`]);
  });

  it('are told what they cannot have', async () => {
    const server = await cloud.active();
    const used = await portOfOwner({ serverId: 'other' });
    const bareOne = await portOfOwner({ fixedIps: [] });
    const device = await portOfOwner({ vnicType: 'direct' });
    const demanding = await portOfOwner({ needsResources: true });
    const free = await portOfOwner();
    const cases: Array<[object, number, string]> = [
      [{ net_id: own, port_id: free.id }, 400, 'Must not input both network_id and port_id'],
      [{ fixed_ips: [{ ip_address: '10.0.0.9' }] }, 400, 'Must input network_id when request IP address'],
      [{ net_id: NONE }, 404, `Network ${NONE} could not be found.`],
      [{ net_id: bare }, 400, `Network ${bare} requires a subnet`],
      [{ net_id: out }, 403, `It is not allowed to create an interface on external network ${out}`],
      [{ net_id: own, fixed_ips: [{ ip_address: '192.168.0.1' }] }, 400, 'is not a valid IP'],
      [{ port_id: NONE }, 404, `Port id ${NONE} could not be found.`],
      [{ port_id: used.id }, 409, `Port ${used.id} is still in use.`],
      [{ port_id: bareOne.id }, 400, `Port ${bareOne.id} requires a FixedIP in order to be used.`],
      [{ port_id: device.id }, 400, 'Failed to claim PCI device'],
      [{ port_id: demanding.id }, 400, 'Attaching interfaces with QoS policy is not supported'],
    ];
    for (const [wanted, status, message] of cases) {
      const answer = await attach(server, wanted);
      expect([answer.status, (Object.values(answer.body)[0] as { message: string }).message]).toEqual([
        status,
        expect.stringContaining(message),
      ]);
    }
    const taken = free.fixedIps[0]?.address;
    expect((await attach(server, { net_id: own, fixed_ips: [{ ip_address: taken }] })).status).toBe(409);
    cloud.networks.portQuota = 0;
    expect((await attach(server, { net_id: own })).status).toBe(403);
    expect((await attach(await cloud.active({}, { as: 'u:q' }), {}, { as: 'u:q' })).body.badRequest.message).toContain(
      'Multiple possible networks',
    );
    const nobodys = await cloud.active({}, { as: 'u:nobody' });
    expect((await attach(nobodys, {}, { as: 'u:nobody' })).body.badRequest.message).toBe(
      "No specific network was requested and none are available for project 'nobody'.",
    );
    cloud.networks.isDown = true;
    expect((await attach(server, { net_id: own })).status).toBe(503);
    expect(told()).toEqual([]);
  });

  it.each([
    [501, 400, 'badRequest'],
    [500, 503, 'serviceUnavailable'],
  ])('that the agent fails at with %i are answered with %i', async (code, status, key) => {
    agentEnds({ code });
    const server = await cloud.active();
    const answer = await attach(server, { net_id: own });
    expect([answer.status, Object.keys(answer.body)]).toEqual([status, [key]]);
  });

  it('C2: are 64 at most, as those of a boot are; no port is made for more', async () => {
    agentEnds();
    const server = await cloud.active();
    const infos = (count: number) =>
      execute(
        cloud.cell1,
        `UPDATE instances SET network_info = (SELECT jsonb_agg(jsonb_build_object('port_id', gen_random_uuid(), 'network', 'blue'))
           FROM generate_series(1, $2::int)) WHERE uuid = $1`,
        [server, count],
      );
    await infos(63);
    expect((await attach(server, { net_id: own })).status).toBe(200);
    await infos(64);
    const made = (await cloud.networks.portsOf(ctx, server)).length;
    const { status, body } = await attach(server, { net_id: own });
    expect([status, body.forbidden?.message]).toEqual([403, 'Maximum number of ports exceeded']);
    expect(await cloud.networks.portsOf(ctx, server)).toHaveLength(made);
  });

  it('are not there when the server does not become idle: what was made is given back', { timeout: 60_000 }, async () => {
    const server = await cloud.active();
    expect((await attach(server, { net_id: own })).status).toBe(200);
    const before = await cloud.networks.portsOf(ctx, server);
    const { status, body } = await attach(server, { net_id: own });
    expect([status, body.conflictingRequest.message]).toEqual([409, `Instance ${server} is busy; try again.`]);
    expect(await cloud.networks.portsOf(ctx, server)).toEqual(before);
  });

  it('are neither attached nor detached in other states, or while the host is down', async () => {
    const server = await cloud.active();
    await cloud.change(server, { vm_state: 'suspended' });
    const refused = await attach(server, { net_id: own });
    expect([refused.status, refused.body.conflictingRequest.message]).toEqual([
      409,
      `Cannot 'attach_interface' instance ${server} while it is in vm_state suspended`,
    ]);
    await cloud.change(server, { vm_state: 'active' });
    await execute(cloud.cell1, `UPDATE services SET forced_down = true WHERE host = 'host1'`);
    expect((await attach(server, { net_id: own })).status).toBe(409);
    expect([await cloud.networks.portsOf(ctx, server), told()]).toEqual([[], []]);
  });

  it('are detached by the agent, those that the server has', async () => {
    const server = await cloud.active();
    const port = await portOfOwner({ serverId: server });
    const path = `/servers/${server}/os-interface/${port.id}`;
    expect((await cloud.call('DELETE', path)).body.itemNotFound.message).toBe(`Port id ${port.id} could not be found.`);
    const vif = { port_id: port.id, network_id: own, label: 'blue', mac_address: '', fixed_ips: [], port_state: 'ACTIVE' };
    await execute(cloud.cell1, 'UPDATE instances SET network_info = $2::jsonb WHERE uuid = $1', [
      server,
      JSON.stringify([{ ...vif, preserve: true, tag: null }]),
    ]);
    expect((await cloud.call('DELETE', path, { roles: 'reader' })).status).toBe(403);
    expect((await cloud.call('DELETE', path)).status).toBe(202);
    await eventually(() => expect(told()).toEqual([['detach_interface', 'host1']]));
    expect((await cloud.networks.findPort(ctx, who, port.id))?.serverId).toBe(server);
  });
});
