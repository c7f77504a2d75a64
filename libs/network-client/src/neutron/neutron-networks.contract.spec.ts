import { RestClient, type RestRequest } from '@kilonova/rest-client';
import { type Ctx, systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryNetworks } from '../memory/memory-networks.js';
import { networkContract } from '../network-service.contract.js';
import { securityGroupsContract } from '../security-groups.contract.js';
import { NeutronServer } from '../spec-support/neutron-server.js';
import { NeutronNetworks } from './neutron-networks.js';

let behind: MemoryNetworks;
let server: NeutronServer;
let networks: NeutronNetworks;

beforeEach(async () => {
  behind = new MemoryNetworks();
  server = new NeutronServer(behind);
  await server.start();
  const rest = new RestClient({ service: 'network', title: 'The network service', baseUrl: () => server.url, timeoutMs: 2000 });
  const as = <T>(token: string, ctx: Ctx, request: RestRequest) =>
    rest.send<T>(ctx, { ...request, headers: { ...request.headers, 'x-auth-token': token } });
  networks = new NeutronNetworks({
    send: (ctx, request) => as('admin', ctx, request),
    sendAs: (ctx, token, request) => as(token, ctx, request),
    close: () => rest.close(),
  });
});

afterEach(async () => {
  await networks.close();
  await server.stop();
});

describe('networks of Neutron', () => {
  networkContract(() => ({ service: networks, behind }));
  securityGroupsContract(() => ({ service: networks, behind }));

  it.each([401, 418])('does not take %i for an answer', async (status) => {
    server.broken = status;
    await expect(networks.portsOf(systemCtx(), 's')).rejects.toMatchObject({ kind: 'dependency', code: 'network.unexpected' });
    await expect(networks.unbindPort(systemCtx(), 'x')).rejects.toMatchObject({ kind: 'dependency', code: 'network.unexpected' });
  });

  it('asks for many networks in several requests', async () => {
    const ids = Array.from({ length: 120 }, (_one, n) => behind.addNetwork(`n${n}`, null).id);
    expect((await networks.networks(systemCtx(), ids)).map(({ id }) => id)).toEqual(ids);
  });
});
