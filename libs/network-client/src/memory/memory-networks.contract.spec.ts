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
});
