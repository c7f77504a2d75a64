import { beforeAll, describe, expect, it } from 'vitest';
import { useServerCloud } from '../../spec-support/server-cloud.js';

const cloud = useServerCloud({ pci: { aliases: ['gpu=10de:1eb8'] } });

beforeAll(async () => {
  for (const [id, extra_specs] of Object.entries(FLAVORS)) {
    const flavor = { name: id, id, vcpus: 3, ram: 2048, disk: 1 };
    await cloud.call('POST', '/flavors', { as: 'admin:admin', body: { flavor } });
    await cloud.call('POST', `/flavors/${id}/os-extra_specs`, { as: 'admin:admin', body: { extra_specs } });
  }
});

const FLAVORS = {
  gpu: { 'pci_passthrough:alias': 'gpu:1' },
  fpga: { 'pci_passthrough:alias': 'fpga:1' },
  uneven: { 'hw:numa_nodes': '2' },
};

describe('what a flavor asks of cells and devices', () => {
  it.each([
    ['fpga', 'PCI alias fpga is not defined'],
    ['uneven', 'CPUs and memory cannot be shared out evenly among the NUMA nodes.'],
  ])('%s that cannot be read is refused to boots and resizes', async (flavorRef, message) => {
    const fault = { status: 400, body: { badRequest: { message } } };
    expect(await cloud.create({ flavorRef })).toMatchObject(fault);
    const id = await cloud.active();
    expect(await cloud.call('POST', `/servers/${id}/action`, { body: { resize: { flavorRef } } })).toMatchObject(fault);
  });

  it('that can be read is left to the scheduler', async () => {
    expect((await cloud.create({ flavorRef: 'gpu' })).status).toBe(202);
  });
});
