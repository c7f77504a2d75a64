import { createHash, randomBytes } from 'node:crypto';
import type { CloudLayout } from '../up/cloud-layout.js';
import { agentUser, CONTROLLER_USER, vhostOf, vhosts } from './compose-layout.js';

/** RabbitMQ's salted SHA-256: base64 of four bytes of salt and the hash of salt and password. */
function passwordHash(password: string): string {
  const salt = randomBytes(4);
  return Buffer.concat([salt, createHash('sha256').update(Buffer.concat([salt, Buffer.from(password)])).digest()]).toString('base64');
}

const user = (name: string, password: string, tags: readonly string[] = []) => ({
  name,
  password_hash: passwordHash(password),
  hashing_algorithm: 'rabbit_password_hashing_sha256',
  tags,
});

const all = (name: string, vhost: string) => ({ user: name, vhost, configure: '.*', write: '.*', read: '.*' });

/**
 * What the broker loads when it starts: a virtual host for the API level and for each cell, one user for the
 * controllers, one for each agent that may only enter its own cell, and a bound on event queues that nobody reads.
 */
export function brokerDefinitions(layout: CloudLayout, secret: (name: string) => string): string {
  const hosts = layout.cells.flatMap((cell) => cell.agents.flat().map((host) => ({ host, cell: cell.name })));
  const agents = hosts.map(({ host }) => user(agentUser(host), secret(`rabbitmq-${host}`)));
  const names = vhosts(layout);
  return JSON.stringify(
    {
      users: [user(CONTROLLER_USER, secret('rabbitmq-password'), ['administrator']), ...agents],
      vhosts: names.map((name) => ({ name })),
      permissions: [...names.map((name) => all(CONTROLLER_USER, name)), ...hosts.map(({ host, cell }) => all(agentUser(host), vhostOf(cell)))],
      policies: names.map((vhost) => ({
        vhost,
        name: 'bounded-notifications',
        pattern: '^(versioned_)?notifications\\.',
        'apply-to': 'queues',
        definition: { 'max-length': 100_000, 'message-ttl': 86_400_000 },
        priority: 1,
      })),
    },
    null,
    2,
  );
}
