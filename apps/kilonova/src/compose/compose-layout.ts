import { CONTROLLER_USER } from '@kilonova/messaging';
import { brokerSecret, vhostOf } from '../broker/index.js';
import { type CellLayout, type CloudLayout, endpointsOn } from '../up/cloud-layout.js';
import type { UpOptions } from '../up/up-options.js';

/** A secret of the cloud by its name; the same name gives the same secret. */
export type Secrets = (name: string) => string;

/** Ports inside the containers and, on loopback, outside. */
const COMPOSE_PORTS = { identity: 5000, image: 9292, placement: 8778, compute: 8774, postgres: 5432 };

/** The database superuser, known to the database server and the step that makes databases. */
export const SUPERUSER = 'kilonova';

/** The name of a database role's password. */
export const databaseSecret = (role: string): string => `postgres-${role}`;

/** A virtual host's URL for one user. */
export function brokerUrl(user: string, secret: Secrets, name: string): string {
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(secret(brokerSecret(user)))}`;
  return `amqp://${login}@rabbitmq:5672/${vhostOf(name)}`;
}

/** A database's URL for one role. */
export const databaseUrl = (role: string, secret: Secrets, database: string): string =>
  `postgres://${role}:${encodeURIComponent(secret(databaseSecret(role)))}@postgres:5432/${database}`;

/** The role that owns every database: makes schemas, and serves nobody. */
export const ownerOf = (prefix: string): string => `${prefix}_owner`;

/** The role of schedulers: reads the API database and every cell's. */
export const schedulerRole = (prefix: string): string => `${prefix}_scheduler`;

/** A cloud of containers: each service under its own name; a database, with the role that works with it, and a virtual host per cell. */
export function composeLayout(options: UpOptions, secret: Secrets): CloudLayout {
  const database = (name: string): string =>
    databaseUrl(`${options.databasePrefix}_${name}`, secret, `${options.databasePrefix}_${name}`);
  return layoutOn(options, secret, database, database);
}

/**
 * The same cloud for the step that makes schemas and maps cells: as the owner, and with cells mapped without login, so that
 * each service that reads the mappings comes as the role that it has at the API database.
 */
export function ownerLayout(options: UpOptions, secret: Secrets): CloudLayout {
  const { databasePrefix: prefix } = options;
  const asOwner = (name: string): string => databaseUrl(ownerOf(prefix), secret, `${prefix}_${name}`);
  return layoutOn(options, secret, asOwner, (name) => `postgres://{username}:{password}@postgres:5432/${prefix}_${name}`);
}

function layoutOn(
  options: UpOptions,
  secret: Secrets,
  database: (name: string) => string,
  cellDatabase: (name: string) => string,
): CloudLayout {
  const broker = (name: string): string => brokerUrl(CONTROLLER_USER, secret, name);
  return {
    ports: COMPOSE_PORTS,
    endpoints: endpointsOn(() => '127.0.0.1', COMPOSE_PORTS),
    internal: endpointsOn((service) => (service === 'compute' ? 'compute-api' : service), COMPOSE_PORTS),
    bindHost: '0.0.0.0',
    databases: { placement: database('placement'), api: database('api'), cell0: cellDatabase('cell0') },
    apiBroker: broker('api'),
    cells: Array.from({ length: options.cells }, (_, index): CellLayout => {
      const name = `cell${index + 1}`;
      const agents = Array.from({ length: options.agents }, (_agent, agent) => [`${name}-host${agent + 1}`]);
      return { name, database: cellDatabase(name), broker: broker(name), agents };
    }),
  };
}
