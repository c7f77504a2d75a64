import { loadConfig } from '@kilonova/config';
import { createLogger } from '@kilonova/observability';
import { MemoryPlacement } from '@kilonova/placement-client';
import { freePort } from '@kilonova/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeApiConfig } from './compute-api.config.js';
import { type ComputeApiExtras, type RunningComputeApi, startComputeApi } from './start-compute-api.js';

async function started(extras: ComputeApiExtras = {}): Promise<RunningComputeApi> {
  const nobody = await freePort();
  const defaults = {
    http: { port: 0 },
    apiDatabase: { url: `postgresql://nobody@127.0.0.1:${nobody}/none`, connectTimeoutSeconds: 0.2 },
    messaging: { url: 'memory://away' },
    keystone: { authUrl: `http://127.0.0.1:${nobody}/v3`, password: 'x' },
  };
  const config = loadConfig({ sections: computeApiConfig, env: {}, defaults });
  return startComputeApi(config, createLogger({ name: 'test', level: 'silent' }), extras);
}

it('refuses to start on what answers, and could never serve it', async () => {
  const placement = new MemoryPlacement();
  placement.maxVersion = async () => '1.29';
  await expect(started({ placement })).rejects.toMatchObject({
    faults: ['Placement API: It speaks 1.29 at most; 1.36 is needed.'],
  });
});

describe('while everything else is away', () => {
  let api: RunningComputeApi;
  beforeAll(async () => {
    api = await started();
  });
  afterAll(() => api.close());

  it('refuses requests, naming the identity service', async () => {
    const reply = await fetch(`${api.url}/v2.1/servers`, { headers: { 'x-auth-token': 'anything' } });
    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).not.toBeNull();
    const body = (await reply.json()) as { serviceUnavailable: { message: string } };
    expect(body.serviceUnavailable.message).toContain('identity service');
  });

  it('still refuses those without a token', async () => {
    expect((await fetch(`${api.url}/v2.1/servers`)).status).toBe(401);
  });

  it('goes on telling its versions', async () => {
    const list = (await (await fetch(`${api.url}/`)).json()) as { versions: Array<{ id: string; version: string }> };
    expect(list.versions).toMatchObject([{ id: 'v2.0' }, { id: 'v2.1', version: '2.96', min_version: '2.1', status: 'CURRENT' }]);
    for (const path of ['/v2.1', '/v2.1/']) {
      const shown = (await (await fetch(`${api.url}${path}`)).json()) as { version: unknown };
      expect(shown.version).toMatchObject({
        id: 'v2.1',
        version: '2.96',
        links: [{ rel: 'self', href: `${api.url}/v2.1/` }, { rel: 'describedby' }],
      });
    }
    expect((await fetch(`${api.url}/v2/`)).status).toBe(200);
  });

  it('says of itself that it lives and is not ready', async () => {
    expect((await fetch(`${api.url}/healthcheck`)).status).toBe(200);
    expect((await fetch(`${api.url}/readyz`)).status).toBe(503);
  });
});
