import { resolve } from 'node:path';
import { AppError } from '@kilonova/util';

/** What `kilonova up` was asked for. */
export interface UpOptions {
  readonly stateDir: string;
  /** First of the ports that are taken: identity, image, placement, compute, then PostgreSQL. */
  readonly portBase: number;
  readonly cells: number;
  /** Simulated hosts per cell. */
  readonly hosts: number;
  /** `memory`: everything in one process; else a broker's URL, and every service its own process. */
  readonly amqp: string | undefined;
  /** RabbitMQ's management API, for making a virtual host per cell; its default port when left out. */
  readonly amqpManagement: string | undefined;
  /** An existing server's URL; left out: one of our own in the state folder. */
  readonly postgres: string | undefined;
  /** Begins the names of the databases. */
  readonly databasePrefix: string;
  /** Agent processes per cell; the hosts are dealt out to them. */
  readonly agents: number;
  readonly maxAttempts: number;
  readonly notificationFormat: string;
  readonly hostVcpus: number;
  readonly hostMemoryMb: number;
  readonly hostDiskGb: number;
  readonly cpuAllocationRatio: number;
  readonly spawnDelayMs: number;
  readonly brokenHosts: readonly string[];
  /** Networks that all projects share, `name=a.b.c`: the first three numbers of their addresses. None: no server has an interface. */
  readonly networks: readonly string[];
  readonly logLevel: string;
  /** MiB that each log file may hold; one older file is kept beside it. */
  readonly logMaxMb: number;
  /** Skip the server in each cell that proves the cloud. */
  readonly proof: boolean;
}

export const UP_DEFAULTS: UpOptions = {
  stateDir: '.state',
  portBase: 8700,
  cells: 2,
  hosts: 2,
  amqp: undefined,
  amqpManagement: undefined,
  postgres: undefined,
  databasePrefix: 'kilonova',
  agents: 1,
  maxAttempts: 3,
  notificationFormat: 'both',
  hostVcpus: 1000,
  hostMemoryMb: 800_000,
  hostDiskGb: 600_000,
  cpuAllocationRatio: 4,
  spawnDelayMs: 0,
  brokenHosts: [],
  networks: [],
  logLevel: 'info',
  logMaxMb: 64,
  proof: true,
};

/** The control socket lies in the state folder, and a unix socket's name has room for 107 bytes. */
const LONGEST_ROOT = 107 - '/run/control.sock'.length;

/** @throws AppError listing all that does not fit together. */
export function checkUpOptions(options: UpOptions): void {
  const faults = [
    Buffer.byteLength(resolve(options.stateDir)) <= LONGEST_ROOT
      ? undefined
      : `--state-dir is too long a path: ${LONGEST_ROOT} bytes at most`,
    inRange('--cells', options.cells, 1, 50),
    inRange('--hosts', options.hosts, 1, 10_000),
    inRange('--agents', options.agents, 1, Math.min(options.hosts, 64)),
    inRange('--port-base', options.portBase, 1024, 65_500),
    inRange('--max-attempts', options.maxAttempts, 1, 100),
    inRange('--host-vcpus', options.hostVcpus, 1, 1_000_000),
    inRange('--host-memory-mb', options.hostMemoryMb, 1, 1_000_000_000),
    inRange('--host-disk-gb', options.hostDiskGb, 1, 1_000_000_000),
    inRange('--log-max-mb', options.logMaxMb, 1, 100_000),
    inRange('--spawn-delay-ms', options.spawnDelayMs, 0, 3_600_000),
    options.cpuAllocationRatio > 0 && options.cpuAllocationRatio <= 1000
      ? undefined
      : '--cpu-allocation-ratio must be a number above 0, 1000 at most',
    oneOf('--notification-format', options.notificationFormat, ['versioned', 'unversioned', 'both']),
    oneOf('--log-level', options.logLevel, ['debug', 'info', 'warn', 'error', 'silent']),
    /^[a-z_][a-z0-9_]{0,39}$/.test(options.databasePrefix)
      ? undefined
      : '--database-prefix must be of lower-case letters, digits and _, 40 at most, and not begin with a digit',
    options.amqpManagement !== undefined && options.amqp === undefined ? '--amqp-management needs --amqp' : undefined,
    ...networkFaults(options),
    ...unknownHosts(options),
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new AppError({ kind: 'invalid-input', code: 'kilonova.up.options', message: faults.join('\n') });
}

const inRange = (name: string, value: number, min: number, max: number): string | undefined =>
  Number.isInteger(value) && value >= min && value <= max ? undefined : `${name} must be a whole number from ${min} to ${max}`;

const oneOf = (name: string, value: string, allowed: readonly string[]): string | undefined =>
  allowed.includes(value) ? undefined : `${name} must be one of ${allowed.join(', ')}`;

/** They live in the memory of the one process that everything shares. */
const networkFaults = ({ networks, amqp }: UpOptions): readonly string[] => [
  ...networks
    .filter((network) => !/^[\w-]{1,64}=(\d{1,3}\.){2}\d{1,3}$/.test(network))
    .map((network) => `--network ${network}: it must read name=a.b.c, the first three numbers of its addresses`),
  ...(networks.length > 0 && amqp !== undefined
    ? ['--network cannot be with --amqp: networks are kept in the memory of one process']
    : []),
];

/** Hosts are called `cell1-host1`; `*` is all of them. */
const unknownHosts = ({ brokenHosts, cells, hosts }: UpOptions): readonly string[] =>
  brokenHosts
    .filter((host) => {
      const [, cell = '0', index = '0'] = /^cell([1-9]\d*)-host([1-9]\d*)$/.exec(host) ?? [];
      return host !== '*' && !(Number(cell) >= 1 && Number(cell) <= cells && Number(index) >= 1 && Number(index) <= hosts);
    })
    .map((host) => `--broken-host ${host}: there is no such host; they are cell1-host1 to cell${cells}-host${hosts}`);
