import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { reasonOf } from '@kilonova/util';
import type { TestServers } from './test-servers.js';

/** What a test file asks of the run. */
export type DeskRequest =
  | { readonly ask: 'database'; readonly migrationsDir?: string }
  | { readonly ask: 'drop-database'; readonly url: string }
  | { readonly ask: 'vhost' }
  | { readonly ask: 'drop-vhost'; readonly url: string };

export interface DeskAnswer {
  readonly url?: string;
  readonly managementUrl?: string;
  readonly error?: string;
}

const bodyOf = async (request: IncomingMessage): Promise<DeskRequest> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as DeskRequest;
};

const serve = async (servers: TestServers, request: DeskRequest): Promise<DeskAnswer> => {
  switch (request.ask) {
    case 'database':
      return { url: await servers.addDatabase(request.migrationsDir) };
    case 'vhost':
      return servers.addVhost();
    case 'drop-database':
      await servers.dropDatabase(request.url);
      return {};
    case 'drop-vhost':
      await servers.dropVhost(request.url);
      return {};
  }
};

/** Test files run in processes of their own; they ask the run's main process over loopback, which alone owns the servers. */
export async function openDesk(servers: TestServers): Promise<{ readonly url: string; close(): Promise<void> }> {
  const path = `/${randomBytes(16).toString('hex')}`;
  const server: Server = createServer((request, response) => {
    const answer =
      request.url === path ? bodyOf(request).then((body) => serve(servers, body)) : Promise.resolve({ error: 'unknown path' });
    void answer
      .catch((error: unknown): DeskAnswer => ({ error: reasonOf(error) }))
      .then((body) => response.end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
