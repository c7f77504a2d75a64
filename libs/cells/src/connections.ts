import { readFileSync } from 'node:fs';
import { createMessageBus, type MessageBusOptions } from '@kilonova/messaging';
import { createDataSource, ensureInitialized } from '@kilonova/sql';
import type { CellConnections } from './cell.js';
import { resolveConnection } from './connection-url.js';

export interface CellConnectionOptions {
  /** Shown by databases and brokers, e.g. `conductor`. */
  readonly name: string;
  /** Connections to each cell's database at most. */
  readonly poolSize: number;
  readonly statementTimeoutMs: number;
  /** This process's own URLs, for mappings that are templates. */
  readonly databaseBase?: string;
  readonly transportBase?: string;
  readonly bus?: Omit<MessageBusOptions, 'url' | 'cell' | 'connectionName'>;
}

const readSecret = (path: string): string => readFileSync(path, 'utf8');

/** Real connections to cells: PostgreSQL, and the broker that each mapping names. */
export const cellConnections = (options: CellConnectionOptions): CellConnections => ({
  openDatabase: (mapping) =>
    ensureInitialized(
      createDataSource({
        url: resolveConnection(mapping.database_connection, readSecret, options.databaseBase),
        name: `${options.name} ${mapping.name}`,
        poolSize: options.poolSize,
        statementTimeoutMs: options.statementTimeoutMs,
      }),
    ),
  openBus: (mapping) =>
    createMessageBus({
      ...options.bus,
      url: resolveConnection(mapping.transport_url, readSecret, options.transportBase),
      cell: mapping.name,
      connectionName: options.name,
    }),
});
