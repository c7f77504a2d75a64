import { expect, it } from 'vitest';
import { usePlacement } from '../../spec-support/placement-under-test.js';

const placement = usePlacement();

it('is served without a token, at any microversion', async () => {
  for (const version of [null, '1.39']) {
    const reply = await placement.call.get('/openapi.json', { version, headers: { 'x-auth-token': '' } });
    expect([reply.status, reply.body.openapi, Object.keys(reply.body.paths)[0]]).toEqual([200, '3.1.0', '/']);
  }
});
