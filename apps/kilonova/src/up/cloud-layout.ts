import type { Endpoints } from './client-files.js';
import type { UpOptions } from './up-options.js';

/** Where everything of one cloud is: ports, databases, brokers, hosts. Computed once, used by all that starts it. */
export interface CloudLayout {
  /** As clients reach the services. */
  readonly endpoints: Endpoints;
  /** As the services reach each other. */
  readonly internal: Endpoints;
  /** The address that the HTTP services listen on. */
  readonly bindHost: string;
  readonly ports: {
    readonly identity: number;
    readonly image: number;
    readonly placement: number;
    readonly compute: number;
    readonly postgres: number;
  };
  readonly databases: { readonly placement: string; readonly api: string; readonly cell0: string };
  readonly apiBroker: string;
  readonly cells: readonly CellLayout[];
}

export interface CellLayout {
  readonly name: string;
  readonly database: string;
  readonly broker: string;
  /** The hosts of each agent process. */
  readonly agents: ReadonlyArray<readonly string[]>;
}

/** How databases and brokers are addressed; what `up` found out about its servers. */
export interface Addresses {
  readonly databaseUrl: (name: string) => string;
  /** The broker of `api` or of a cell. */
  readonly brokerUrl: (name: string) => string;
}

const HOST = '127.0.0.1';

/** Hosts `cell1-host1` …, dealt out to so many agents in turn. */
function dealHosts(cell: string, hosts: number, agents: number): ReadonlyArray<readonly string[]> {
  const names = Array.from({ length: hosts }, (_, index) => `${cell}-host${index + 1}`);
  return Array.from({ length: agents }, (_, agent) => names.filter((_name, index) => index % agents === agent));
}

export function portsFrom(base: number): CloudLayout['ports'] {
  return { identity: base, image: base + 1, placement: base + 2, compute: base + 3, postgres: base + 4 };
}

/** Endpoints on one host. */
export const endpointsOn = (host: (service: keyof Endpoints) => string, ports: CloudLayout['ports']): Endpoints => ({
  identity: `http://${host('identity')}:${ports.identity}/v3`,
  image: `http://${host('image')}:${ports.image}`,
  placement: `http://${host('placement')}:${ports.placement}`,
  compute: `http://${host('compute')}:${ports.compute}/v2.1`,
});

export function layOut(options: UpOptions, addresses: Addresses): CloudLayout {
  const ports = portsFrom(options.portBase);
  const endpoints = endpointsOn(() => HOST, ports);
  const database = (name: string): string => addresses.databaseUrl(`${options.databasePrefix}_${name}`);
  return {
    ports,
    endpoints,
    internal: endpoints,
    bindHost: HOST,
    databases: { placement: database('placement'), api: database('api'), cell0: database('cell0') },
    apiBroker: addresses.brokerUrl('api'),
    cells: Array.from({ length: options.cells }, (_, index) => {
      const name = `cell${index + 1}`;
      return {
        name,
        database: database(name),
        broker: addresses.brokerUrl(name),
        agents: dealHosts(name, options.hosts, options.agents),
      };
    }),
  };
}
