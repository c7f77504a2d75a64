import { describe, expect, it } from 'vitest';
import { useServerCloud } from '../spec-support/server-cloud.js';

const cloud = useServerCloud();
const get = (query: string, at = '2.96, kilonova 1.1', as = 'admin') => cloud.call('GET', `/os-capacity${query}`, { as, at });

describe('how many more servers of a flavor fit', () => {
  it('is told with the hosts, and with what keeps others out', async () => {
    const { status, body } = await get('?flavor=f1');
    expect([status, body]).toEqual([
      200,
      {
        capacity: {
          flavor: 'f1',
          total: 3,
          is_complete: true,
          hosts: [{ host: 'host1', availability_zone: 'nova', count: 3 }],
          refused: [{ stage: 'filter', rule: 'ComputeFilter', hosts: 1 }],
          reason: '',
        },
      },
    ]);
  });

  it('is there for who asks for the extension, names a flavor, and may know hosts', async () => {
    expect((await get('?flavor=f1', '2.96')).status).toBe(404);
    expect((await get('?flavor=f1', '2.96, kilonova 1.0')).status).toBe(404);
    expect((await get('')).status).toBe(400);
    expect((await get('?flavor=f1&image=x')).status).toBe(400);
    expect(await get('?flavor=none')).toMatchObject({
      status: 404,
      body: { itemNotFound: { message: 'Flavor none could not be found.' } },
    });
    expect((await get('?flavor=f1', '2.96, kilonova 1.1', 'u:p')).status).toBe(403);
  });
});
