import { randomUUID } from 'node:crypto';
import { loadConfig } from '@kilonova/config';
import { placementSections, type RunningPlacement, startPlacement } from '@kilonova/placement';
import { RestClient, type RestRequest } from '@kilonova/rest-client';
import { useDatabase } from '@kilonova/testing';
import { type Ctx, systemCtx } from '@kilonova/util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpPlacementClient } from './http-placement-client.js';
import { placementContract } from './placement-client.contract.js';
import type { PlacementTransport } from './placement-http.js';

const database = useDatabase();
let running: RunningPlacement;
let rest: RestClient;

beforeAll(async () => {
  const flags = {
    database: { url: database.url, poolSize: 8, syncOnStartup: true },
    http: { port: 0 },
    auth: { strategy: 'noauth2' },
    log: { level: 'silent' },
  };
  running = await startPlacement({ config: loadConfig({ sections: placementSections, env: {}, flags }) });
  rest = new RestClient({
    service: 'placement',
    title: 'The placement service',
    baseUrl: () => running.url,
    headers: async () => ({ 'x-auth-token': 'admin', 'x-roles': 'admin,service' }),
  });
});
afterAll(async () => {
  await rest.close();
  await running.close();
});

describe('placement over HTTP', () => {
  placementContract(() => new HttpPlacementClient(rest));

  it('tells a query that cannot be met from one that has no room', async () => {
    const client = new HttpPlacementClient(rest);
    expect(await client.candidates(systemCtx(), 'resources=CUSTOM_NOBODY:1')).toMatchObject({ outcome: 'refused' });
    expect(await client.candidates(systemCtx(), 'resources=VCPU:100000')).toMatchObject({ outcome: 'found' });
  });

  it('reads of a tree only what has changed', async () => {
    const asked: string[] = [];
    const counting: PlacementTransport = {
      send: <T>(ctx: Ctx, request: RestRequest) => {
        asked.push(`${request.method} ${request.path.replace(/[0-9a-f-]{36}/, 'ID')}`);
        return rest.send<T>(ctx, request);
      },
      close: () => Promise.resolve(),
    };
    const [client, other] = [new HttpPlacementClient(counting), new HttpPlacementClient(rest)];
    const uuid = randomUUID();
    const one = { total: 1, reserved: 0, min_unit: 1, max_unit: 1, step_size: 1, allocation_ratio: 1 };
    const root = { uuid, name: uuid, parent: null, generation: undefined, inventories: { VCPU: one }, traits: new Set<string>() };
    await other.syncTree(systemCtx(), uuid, () => [root]);
    await client.tree(systemCtx(), uuid);
    asked.length = 0;
    expect(await client.tree(systemCtx(), uuid)).toMatchObject([{ inventories: { VCPU: one } }]);
    expect(asked).toEqual(['GET /resource_providers?in_tree=ID']);
    await other.syncTree(systemCtx(), uuid, ([now]) => [{ ...(now as typeof root), traits: new Set(['HW_CPU_X86_AVX']) }]);
    expect(await client.tree(systemCtx(), uuid)).toMatchObject([{ traits: new Set(['HW_CPU_X86_AVX']) }]);
    expect(await client.removeProvider(systemCtx(), uuid)).toBe(true);
    await other.syncTree(systemCtx(), uuid, () => [
      { ...root, inventories: { MEMORY_MB: one }, traits: new Set(['HW_CPU_X86_SGX']) },
    ]);
    expect(Object.keys((await client.tree(systemCtx(), uuid))[0]?.inventories ?? {})).toEqual(['MEMORY_MB']);
  });

  it('says that it does not know when writers of a provider keep colliding', async () => {
    const fault = { status: 409, body: { errors: [{ code: 'placement.concurrent_update', detail: 'somebody was quicker' }] } };
    const colliding: PlacementTransport = {
      send: <T>(ctx: Ctx, request: RestRequest) =>
        request.method === 'PUT' ? Promise.resolve({ ...fault, headers: {} } as never) : rest.send<T>(ctx, request),
      close: () => Promise.resolve(),
    };
    const client = new HttpPlacementClient(colliding);
    const owner = { consumer: 'aaaaaaaa-0000-4000-8000-000000000001', projectId: 'p', userId: 'u' };
    const request = { allocations: { 'aaaaaaaa-0000-4000-8000-000000000002': { resources: { VCPU: 1 } } } };
    expect(await client.claim(systemCtx(), owner, request, 'build')).toEqual({ outcome: 'contended' });
  });
});
