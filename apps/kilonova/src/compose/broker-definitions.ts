import { createHash, randomBytes } from 'node:crypto';
import { preparedNotifications, preparedTopology } from '@kilonova/messaging';
import type { CloudLayout } from '../up/cloud-layout.js';
import { type BrokerRights, conductorRights, controllerRights, hostRights } from './broker-rights.js';
import { brokerSecret, type Secrets, vhostOf } from './compose-layout.js';

/** RabbitMQ's salted SHA-256: base64 of four bytes of salt and the hash of salt and password. */
function passwordHash(password: string): string {
  const salt = randomBytes(4);
  const hash = createHash('sha256').update(Buffer.concat([salt, Buffer.from(password)]));
  return Buffer.concat([salt, hash.digest()]).toString('base64');
}

const user = (name: string, password: string) => ({
  name,
  password_hash: passwordHash(password),
  hashing_algorithm: 'rabbit_password_hashing_sha256',
  tags: [],
});

/** Events that nobody reads don't fill the disk: a day of them, and the newest 100,000 of each kind. */
export const NOTIFICATION_POLICY = {
  name: 'bounded-notifications',
  pattern: '^(versioned_)?notifications\\.',
  'apply-to': 'queues',
  definition: { 'max-length': 100_000, 'message-ttl': 86_400_000 },
  priority: 1,
};

/** Every user's rights: the API level's everywhere, a conductor's in its cell, an agent's over its host's queues. */
export const brokerRights = ({ cells }: CloudLayout): readonly BrokerRights[] => [
  ...['api', ...cells.map(({ name }) => name)].map(controllerRights),
  ...cells.map(({ name }) => conductorRights(name)),
  ...cells.flatMap(({ name, agents }) => agents.flat().map((host) => hostRights(name, host))),
];

/**
 * What the broker loads when it starts: users, their rights, a virtual host for the API level and for each cell, what agents
 * may not declare, the policy.
 */
export function brokerDefinitions(layout: CloudLayout, secret: Secrets): string {
  const permissions = brokerRights(layout);
  const names = [...new Set(permissions.map((right) => right.user))];
  const vhosts = ['api', ...layout.cells.map(({ name }) => name)].map(vhostOf);
  const topologies = [
    ...vhosts.map((vhost) => preparedNotifications(vhost, ['versioned_notifications', 'notifications'])),
    ...layout.cells.map(({ name }) => preparedTopology(vhostOf(name), name, 'compute')),
  ];
  const definitions = {
    users: names.map((name) => user(name, secret(brokerSecret(name)))),
    vhosts: vhosts.map((name) => ({ name })),
    permissions,
    policies: vhosts.map((vhost) => ({ vhost, ...NOTIFICATION_POLICY })),
    exchanges: topologies.flatMap((topology) => topology.exchanges),
    queues: topologies.flatMap((topology) => topology.queues),
    bindings: topologies.flatMap((topology) => topology.bindings),
  };
  return JSON.stringify(definitions, null, 2);
}
