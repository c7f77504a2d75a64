import { expect, it } from 'vitest';
import { useServerCloud } from '../spec-support/server-cloud.js';

const cloud = useServerCloud();

it('is served without a token', async () => {
  const reply = await fetch(`${cloud.url}/openapi.json`);
  const document = (await reply.json()) as { openapi: string; info: object; paths: object };
  expect([reply.status, document.openapi, document.info]).toEqual([200, '3.1.0', { title: 'Compute', version: '2.96' }]);
  expect(Object.keys(document.paths)).toContain('/v2.1/servers/{id}/action');
});
