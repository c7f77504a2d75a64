import { RestClient, type RestRequest } from '@kilonova/rest-client';
import { type Ctx, systemCtx } from '@kilonova/util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryVolumes } from '../memory/memory-volumes.js';
import { CinderServer } from '../spec-support/cinder-server.js';
import { volumeContract } from '../volume-service.contract.js';
import { CinderVolumes } from './cinder-volumes.js';

const ID = '1ea035e0-e44d-40eb-bfcf-f7f85c886e0f';
let behind: MemoryVolumes;
let server: CinderServer;
let volumes: CinderVolumes;

beforeEach(async () => {
  behind = new MemoryVolumes();
  server = new CinderServer(behind);
  await server.start();
  const rest = new RestClient({ service: 'volume', title: 'The volume service', baseUrl: () => server.url, timeoutMs: 2000 });
  const as = <T>(token: string, ctx: Ctx, request: RestRequest) =>
    rest.send<T>(ctx, { ...request, headers: { ...request.headers, 'x-auth-token': token } });
  volumes = new CinderVolumes({
    send: (ctx, request) => as('admin', ctx, request),
    sendAs: (ctx, token, request) => as(token, ctx, request),
    close: () => rest.close(),
  });
});

afterEach(async () => {
  await volumes.close();
  await server.stop();
});

describe('volumes of Cinder', () => {
  volumeContract(() => ({ service: volumes, behind }));

  it.each([401, 418])('does not take %i for an answer', async (status) => {
    server.broken = status;
    await expect(volumes.reserve(systemCtx(), ID, ID)).rejects.toMatchObject({ kind: 'dependency', code: 'volume.unexpected' });
    await expect(volumes.delete(systemCtx(), ID)).rejects.toMatchObject({ kind: 'dependency', code: 'volume.unexpected' });
  });

  it.each([
    [400, 'invalid'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [409, 'invalid'],
    [413, 'over-quota'],
  ])('takes %i for a refusal: %s', async (status, reason) => {
    server.broken = status;
    expect(await volumes.reserve(systemCtx(), ID, ID)).toMatchObject({ outcome: 'refused', reason });
  });

  it('asks nothing about what is no id', async () => {
    expect(await volumes.get(systemCtx(), '../types')).toBeUndefined();
    expect(server.asked).toEqual([]);
  });
});
