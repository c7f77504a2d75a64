import { createHash, randomBytes } from 'node:crypto';
import {
  AGENT_LIMITS,
  EVENT_TOPICS,
  hostOfAgentUser,
  preparedHost,
  preparedNotifications,
  preparedService,
  preparedTopology,
} from '@kilonova/messaging';
import type { CloudLayout } from '../up/cloud-layout.js';
import { brokerSecret, vhostOf } from './broker-names.js';
import { BROKER_POLICIES } from './broker-policies.js';
import { type BrokerRights, conductorRights, controllerRights, hostRights } from './broker-rights.js';

/** The cells of a cloud with the hosts of each. */
export type BrokerLayout = Pick<CloudLayout, 'cells'>;

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
  limits: hostOfAgentUser(name) === undefined ? {} : AGENT_LIMITS,
});

/** Every user's rights: the API level's everywhere, a conductor's in its cell, an agent's over its host's queues. */
const brokerRights = ({ cells }: BrokerLayout): readonly BrokerRights[] => [
  ...['api', ...cells.map(({ name }) => name)].map(controllerRights),
  ...cells.map(({ name }) => conductorRights(name)),
  ...cells.flatMap(({ name, agents }) => agents.flat().map((host) => hostRights(name, host))),
];

/** What agents find and may not declare. */
const topologyOf = ({ name, agents }: BrokerLayout['cells'][number]) => [
  preparedTopology(vhostOf(name), name, 'compute'),
  preparedTopology(vhostOf(name), name, 'conductor'),
  preparedService(vhostOf(name), name, 'conductor'),
  ...agents.flat().map((host) => preparedHost(vhostOf(name), name, host)),
];

/**
 * What a broker loads as definitions: users, their rights, a virtual host for the API level and for each cell, what agents
 * may not declare, the policies.
 * @param secret gives the password of a name from `brokerSecret`
 */
export function brokerDefinitions(layout: BrokerLayout, secret: (name: string) => string): object {
  const permissions = brokerRights(layout);
  const names = [...new Set(permissions.map((right) => right.user))];
  const vhosts = ['api', ...layout.cells.map(({ name }) => name)].map(vhostOf);
  const topologies = [...vhosts.map((vhost) => preparedNotifications(vhost, EVENT_TOPICS)), ...layout.cells.flatMap(topologyOf)];
  return {
    users: names.map((name) => user(name, secret(brokerSecret(name)))),
    vhosts: vhosts.map((name) => ({ name })),
    permissions,
    policies: vhosts.flatMap((vhost) => BROKER_POLICIES.map((policy) => ({ vhost, ...policy }))),
    exchanges: distinct(topologies.flatMap((topology) => topology.exchanges)),
    queues: topologies.flatMap((topology) => topology.queues),
    bindings: topologies.flatMap((topology) => topology.bindings),
  };
}

const distinct = <T extends { readonly vhost: string; readonly name: string }>(things: readonly T[]): readonly T[] => [
  ...new Map(things.map((thing) => [`${thing.vhost} ${thing.name}`, thing])).values(),
];
