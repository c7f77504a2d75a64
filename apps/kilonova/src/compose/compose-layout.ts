import { type CellLayout, type CloudLayout, endpointsOn } from '../up/cloud-layout.js';
import type { UpOptions } from '../up/up-options.js';

/** Ports inside the containers and, on loopback, outside. */
export const COMPOSE_PORTS = { identity: 5000, image: 9292, placement: 8778, compute: 8774, postgres: 5432 };

/** Login names of the broker: one for the controllers, one for each host's agent. */
export const CONTROLLER_USER = 'controller';
export const agentUser = (host: string): string => `compute.${host}`;

const VHOST = (name: string): string => `kilonova_${name}`;

/** A cloud of containers: each service under its own name, databases and virtual hosts per cell. */
export function composeLayout(options: UpOptions, secret: (name: string) => string): CloudLayout {
  const database = (name: string): string => `postgres://kilonova:${secret('postgres-password')}@postgres:5432/${options.databasePrefix}_${name}`;
  const broker = (name: string): string => brokerUrl(CONTROLLER_USER, secret('rabbitmq-password'), name);
  return {
    ports: COMPOSE_PORTS,
    endpoints: endpointsOn(() => '127.0.0.1', COMPOSE_PORTS),
    internal: endpointsOn((service) => (service === 'compute' ? 'compute-api' : service), COMPOSE_PORTS),
    bindHost: '0.0.0.0',
    databases: { placement: database('placement'), api: database('api'), cell0: database('cell0') },
    apiBroker: broker('api'),
    cells: Array.from({ length: options.cells }, (_, index): CellLayout => {
      const name = `cell${index + 1}`;
      return { name, database: database(name), broker: broker(name), agents: Array.from({ length: options.agents }, (_agent, agent) => [`${name}-host${agent + 1}`]) };
    }),
  };
}

/** The URL of a cell's virtual host for one user. */
export const brokerUrl = (user: string, password: string, cell: string): string =>
  `amqp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@rabbitmq:5672/${VHOST(cell)}`;

/** The virtual hosts: the API level's and the cells'. */
export const vhosts = (layout: CloudLayout): readonly string[] => ['api', ...layout.cells.map((cell) => cell.name)].map(VHOST);

export const vhostOf = VHOST;
