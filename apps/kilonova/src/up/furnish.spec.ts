import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CloudClient } from './cloud-client.js';
import { furnish, imageId } from './furnish.js';

interface Image {
  readonly id: string;
  readonly name: string;
  readonly visibility: string;
  readonly owner: string;
  readonly status: string;
}

let server: Server;
let images: Image[];
let client: CloudClient;

/** Identity and image in the little that is asked of them: a token, a list with filters, a create. */
async function answer(request: IncomingMessage): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://here');
  let text = '';
  for await (const chunk of request) text += String(chunk);
  if (url.pathname.endsWith('/auth/tokens')) return { token: { project: { id: 'admins' } } };
  if (url.pathname !== '/v2/images') return {};
  if (request.method === 'GET')
    return {
      images: images.filter((image) => [...url.searchParams].every(([key, value]) => image[key as keyof Image] === value)),
    };
  const made = { ...(JSON.parse(text) as Image), id: `made-${images.length}`, owner: 'admins', status: 'active' };
  images.push(made);
  return made;
}

beforeEach(async () => {
  images = [];
  server = createServer((request, response) => {
    void answer(request).then((body) => response.writeHead(201, { 'x-subject-token': 't' }).end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = new CloudClient({ identity: url, image: url, compute: url, placement: url }, 'password');
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

it('L11: the image of a tenant is neither taken for ours nor booted', async () => {
  images.push({ id: 'theirs', name: 'cirros', visibility: 'shared', owner: 'tenant', status: 'active' });
  images.push({ id: 'public-of-theirs', name: 'cirros', visibility: 'public', owner: 'tenant', status: 'active' });
  await expect(imageId(client)).rejects.toThrow('there is no public image cirros of the project admin');
  await furnish(client);
  expect(images.filter(({ owner }) => owner === 'admins').map(({ name, visibility }) => [name, visibility])).toEqual([
    ['cirros', 'public'],
    ['cirros-alt', 'public'],
  ]);
  expect(await imageId(client)).toBe('made-2');
  await furnish(client);
  expect(images).toHaveLength(4);
});
