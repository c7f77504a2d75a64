import { systemCtx } from '@kilonova/util';
import { describe, expect, it } from 'vitest';
import { networkContract } from '../network-service.contract.js';
import { securityGroupsContract } from '../security-groups.contract.js';
import { MemoryNetworks } from './memory-networks.js';

describe('networks in memory', () => {
  const bench = () => {
    const behind = new MemoryNetworks();
    return { service: behind, behind };
  };
  networkContract(bench);
  securityGroupsContract(bench);

  it('have an end', async () => {
    const networks = new MemoryNetworks();
    const { id } = networks.addNetwork('small', null, '10.0.0');
    const make = () => networks.createPort(systemCtx(), { networkId: id, projectId: 'p', serverId: 's', host: 'h' });
    for (let n = 10; n <= 254; n++) expect((await make()).outcome).toBe('done');
    expect(await make()).toMatchObject({ outcome: 'refused', reason: 'no-address' });
  });

  it.each(['10.0.0.0', '10.0.0.1', '10.0.0.255', '10.0.0.300', '10.0.0.1.2', '10.0.0.x'])('give nobody %s', async (address) => {
    const networks = new MemoryNetworks();
    const { id } = networks.addNetwork('small', null, '10.0.0');
    const made = await networks.createPort(systemCtx(), { networkId: id, projectId: 'p', serverId: 's', host: 'h', address });
    expect(made).toMatchObject({ outcome: 'refused', reason: 'invalid' });
  });

  it('give a port nine addresses at most', async () => {
    const networks = new MemoryNetworks();
    const { id, subnetId } = networks.addNetwork('small', null, '10.0.0') as { id: string; subnetId?: string };
    const made = await networks.createPort(systemCtx(), { networkId: id, projectId: 'p', serverId: 's', host: 'h' });
    const port = made.outcome === 'done' ? made.port.id : '';
    const wanted = (count: number) => Array.from({ length: count }, () => ({ subnetId: subnetId ?? '' }));
    expect(await networks.setFixedIps(systemCtx(), port, wanted(9))).toMatchObject({ outcome: 'done' });
    expect(await networks.setFixedIps(systemCtx(), port, wanted(10))).toMatchObject({ outcome: 'refused', reason: 'invalid' });
    const [{ fixedIps } = { fixedIps: [] }] = await networks.portsOf(systemCtx(), 's');
    expect(new Set(fixedIps.map(({ address }) => address)).size).toBe(9);
  });
});
