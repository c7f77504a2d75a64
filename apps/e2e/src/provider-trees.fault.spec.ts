import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, useBroker } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCloud } from './support/cloud.js';

const GPUS = [
  { name: 'pgpu0', vgpus: 2 },
  { name: 'pgpu1', vgpus: 2 },
];
const PATIENCE = { deadlineMs: 60_000 };

interface Provider {
  readonly uuid: string;
  readonly name: string;
}

describe('a host whose graphics cards were counted at the node', () => {
  const broker = useBroker();
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await TestCloud.start(['--amqp', broker.url, '--cells', '1', '--hosts', '1', '--no-proof', '--log-level', 'warn'], {
      KILONOVA_AGENT_UPDATE_RESOURCES_INTERVAL_SECONDS: '1',
    });
  }, 240_000);
  afterAll(() => cloud?.stop(), 120_000);

  const placement = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    cloud.client.ask<T>(method, `${cloud.endpoints.placement}${path}`, body, { 'openstack-api-version': 'placement 1.36' });
  const hardware = (layout: 'flat' | 'nested'): void =>
    writeFileSync(join(cloud.stateDir, 'fake-hardware.json'), JSON.stringify({ '*': { gpus: GPUS, gpuLayout: layout } }));
  const providers = async (): Promise<readonly Provider[]> =>
    (await placement<{ resource_providers: Provider[] }>('GET', '/resource_providers')).resource_providers;
  const totals = async (name: string): Promise<Readonly<Record<string, number>> | undefined> => {
    const uuid = (await providers()).find((provider) => provider.name === name)?.uuid;
    if (uuid === undefined) return undefined;
    const { inventories } = await placement<{ inventories: Record<string, { total: number }> }>(
      'GET',
      `/resource_providers/${uuid}/inventories`,
    );
    return Object.fromEntries(Object.entries(inventories).map(([rc, { total }]) => [rc, total]));
  };
  const vgpusHeld = async (): Promise<readonly string[]> =>
    (await cloud.client.allocations()).flatMap(({ provider, resources }) => ('VGPU' in resources ? [provider] : [])).sort();
  /** Devices that guests were made with. */
  const devices = (): readonly string[] => {
    const folder = join(cloud.stateDir, 'agents', 'cell1', 'assigned-devices');
    return readdirSync(folder).flatMap((host) =>
      readFileSync(join(folder, host), 'utf8')
        .split('\n')
        .flatMap((line) => line.split(' + ')[1] ?? []),
    );
  };

  it('S4-3: is nested under running servers, its agent killed in the middle; then it takes a new server', async () => {
    hardware('flat');
    const [root] = await providers();
    const node = root?.name ?? '';
    await eventually(async () => expect(await totals(node)).toMatchObject({ VGPU: 4 }), PATIENCE);
    const flavor = { name: 'vgpu', vcpus: 1, ram: 64, disk: 1, id: 'vgpu' };
    await cloud.client.ask('POST', `${cloud.endpoints.compute}/flavors`, { flavor });
    const specs = { extra_specs: { 'resources:VGPU': '1' } };
    await cloud.client.ask('POST', `${cloud.endpoints.compute}/flavors/vgpu/os-extra_specs`, specs);
    for (const name of ['old-1', 'old-2', 'old-3']) await cloud.client.boot(name, { flavorRef: 'vgpu' });
    expect((await cloud.client.settled('old', 3, 60)).map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
    expect([await vgpusHeld(), new Set(devices()).size]).toEqual([[node, node, node], 3]);

    const port = { uuid: randomUUID(), name: 'br-ex', parent_provider_uuid: root?.uuid };
    await placement('POST', '/resource_providers', port);
    const inventories = { NET_BW_EGR_KILOBIT_PER_SEC: { total: 1000 } };
    await placement('PUT', `/resource_providers/${port.uuid}/inventories`, { inventories, resource_provider_generation: 0 });

    hardware('nested');
    cloud.kill('cell1-agent');
    for (let times = 0; times < 3; times++)
      await eventually(() => expect(cloud.killIfRunning('cell1-agent')).toBe(true), PATIENCE);
    await eventually(async () => expect(await totals(`${node}_pgpu0`)).toEqual({ VGPU: 2 }), { deadlineMs: 120_000 });
    expect([await totals(`${node}_pgpu1`), (await totals(node))?.['VGPU']]).toEqual([{ VGPU: 2 }, undefined]);
    const cards = [`${node}_pgpu0`, `${node}_pgpu0`, `${node}_pgpu1`];
    expect(await vgpusHeld()).toEqual(cards);
    expect((await cloud.client.servers('old')).map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);

    await cloud.client.boot('new', { flavorRef: 'vgpu' });
    expect(await cloud.client.settled('new', 1, 60)).toMatchObject([{ status: 'ACTIVE' }]);
    expect([await vgpusHeld(), new Set(devices()).size]).toEqual([[...cards, `${node}_pgpu1`], 4]);
    await cloud.client.boot('more', { flavorRef: 'vgpu' });
    expect(await cloud.client.settled('more', 1, 60)).toMatchObject([{ status: 'ERROR' }]);
    expect(await totals('br-ex')).toEqual({ NET_BW_EGR_KILOBIT_PER_SEC: 1000 });

    await cloud.client.deleteAll('', 60);
    await eventually(async () => expect(await cloud.client.consumers()).toEqual([]));
    expect(await totals('br-ex')).toEqual({ NET_BW_EGR_KILOBIT_PER_SEC: 1000 });
  }, 300_000);
});
