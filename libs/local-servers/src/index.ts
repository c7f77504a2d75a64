// Starts and stops the server programs that Kilonova stands on (PostgreSQL, RabbitMQ) in folders and on ports of
// their own, on loopback only: for the all-in-one cloud and for tests. Each server is a child of this process,
// outlives no orderly exit of it, and may be started again on what a killed predecessor left behind.

export { freePort, freePorts } from './free-port.js';
export { freePortBase } from './free-port-base.js';
export { endLeftover, endProcess } from './leftover.js';
export type { ExitReport, LocalServer } from './local-server.js';
export { findPostgres, type PostgresInstallation, postgresInstallations } from './postgres/installation.js';
export {
  endLeftoverPostgres,
  findLeftoverPostgres,
  type LocalPostgres,
  type PostgresOptions,
  startPostgres,
} from './postgres/postgres-server.js';
export { forgetProcess, recordedProcess, recordProcess } from './process-record.js';
export { findRabbitmq, type RabbitmqInstallation } from './rabbitmq/installation.js';
export { ManagementApi, type VhostPermissions } from './rabbitmq/management-api.js';
export { type LocalRabbitmq, type RabbitmqOptions, startRabbitmq } from './rabbitmq/rabbitmq-server.js';
