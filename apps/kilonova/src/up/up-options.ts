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
  readonly logLevel: string;
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
  logLevel: 'info',
  proof: true,
};

/** @throws AppError listing all that does not fit together. */
export function checkUpOptions(options: UpOptions): void {
  const faults = [
    inRange('--cells', options.cells, 1, 50),
    inRange('--hosts', options.hosts, 1, 10_000),
    inRange('--agents', options.agents, 1, Math.min(options.hosts, 64)),
    inRange('--port-base', options.portBase, 1024, 65_500),
    inRange('--max-attempts', options.maxAttempts, 1, 100),
    ['both', 'versioned', 'unversioned'].includes(options.notificationFormat)
      ? undefined
      : '--notification-format must be both, versioned or unversioned',
    options.amqp === undefined || /^amqps?:\/\//.test(options.amqp) ? undefined : '--amqp must be an amqp:// URL',
    options.postgres === undefined || /^postgres(ql)?:\/\//.test(options.postgres)
      ? undefined
      : '--postgres must be a postgres:// URL',
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new AppError({ kind: 'invalid-input', code: 'kilonova.up.options', message: faults.join('\n') });
}

const inRange = (name: string, value: number, min: number, max: number): string | undefined =>
  Number.isInteger(value) && value >= min && value <= max ? undefined : `${name} must be a whole number from ${min} to ${max}`;
