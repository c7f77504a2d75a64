import { beforeAll, describe, expect, it } from 'vitest';
import { useServerCloud } from './spec-support/server-cloud.js';

const INHERITED = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];
const ADMIN = { as: 'admin' };

describe('L13: keys that every object is born with', () => {
  const cloud = useServerCloud();
  let metadata = '';
  const specs = '/flavors/f1/os-extra_specs';
  beforeAll(async () => {
    metadata = `/servers/${await cloud.active({ metadata: { a: 'b' } })}/metadata`;
  });

  it.each(INHERITED)('L13: %s is no metadata of a server', async (key) => {
    expect((await cloud.call('GET', `${metadata}/${key}`)).status).toBe(404);
    expect((await cloud.call('DELETE', `${metadata}/${key}`)).status).toBe(404);
    expect((await cloud.call('PUT', `${metadata}/${key}`, { body: { meta: { a: 'c' } } })).status).toBe(400);
    expect((await cloud.call('GET', metadata)).body.metadata).toEqual({ a: 'b' });
  });

  it.each(INHERITED)('L13: %s is no extra spec of a flavor', async (key) => {
    expect((await cloud.call('GET', `${specs}/${key}`, ADMIN)).status).toBe(404);
    expect((await cloud.call('DELETE', `${specs}/${key}`, ADMIN)).status).toBe(404);
    expect((await cloud.call('PUT', `${specs}/${key}`, { ...ADMIN, body: { a: 'b' } })).status).toBe(400);
  });

  it('L13: they can be set like any other', async () => {
    expect((await cloud.call('PUT', `${metadata}/constructor`, { body: { meta: { constructor: 'x' } } })).status).toBe(200);
    expect((await cloud.call('GET', `${metadata}/constructor`)).body).toEqual({ meta: { constructor: 'x' } });
    expect((await cloud.call('DELETE', `${metadata}/constructor`)).status).toBe(204);
    const spec = { 'constructor:x': 'y', toString: 'z' };
    expect((await cloud.call('POST', specs, { ...ADMIN, body: { extra_specs: spec } })).body.extra_specs).toEqual(spec);
    expect((await cloud.call('GET', `${specs}/toString`, ADMIN)).body).toEqual({ toString: 'z' });
    const aggregate = (await cloud.call('POST', '/os-aggregates', { ...ADMIN, body: { aggregate: { name: 'a' } } })).body
      .aggregate;
    const set = { set_metadata: { metadata: { constructor: 'x', toString: null } } };
    const changed = await cloud.call('POST', `/os-aggregates/${aggregate.id}/action`, { ...ADMIN, body: set });
    expect(changed.body.aggregate.metadata).toEqual({ constructor: 'x' });
  });
});
