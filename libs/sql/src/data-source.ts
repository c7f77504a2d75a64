import pg from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import { connectionConfig, HeardClient } from './connection.js';
import { asConnectDependency } from './errors.js';
import { ThriftyPool } from './thrifty-pool.js';

type EntityClass = abstract new (...args: never[]) => object;

/** What a service says of its database. */
export interface DataSourceSpec {
  /** `postgres://user:password@host:port/database`: a secret. */
  readonly url: string;
  /** Shown in pg_stat_activity: which process holds this connection. */
  readonly name: string;
  readonly entities?: MixedList<EntityClass | string | EntitySchema>;
  /** Connections at most, per process. Default 10. */
  readonly poolSize?: number;
  /** Default 5000. Also the longest wait for a free connection of the pool. */
  readonly connectTimeoutMs?: number;
  /** Default 30000. */
  readonly statementTimeoutMs?: number;
  /** A pooled connection that is idle for so long is closed. Default 30000. */
  readonly idleTimeoutMs?: number;
  /**
   * Told of connections lost while idle; the pool replaces them by itself. Not of those of a data source that was closed: the
   * pool does not wait for their end, so the server's own may come first.
   */
  readonly onIdleError?: (error: Error) => void;
}

/**
 * Describes a data source; nothing connects yet. Pass it to `ensureInitialized` where it is first needed: a database that
 * is down must not keep its service from starting.
 */
export function createDataSource(spec: DataSourceSpec): DataSource {
  const { connectTimeoutMs = 5_000, statementTimeoutMs = 30_000, idleTimeoutMs = 30_000, onIdleError = () => {} } = spec;
  const source = new DataSource({
    type: 'postgres',
    driver: { ...pg, Pool: ThriftyPool },
    url: spec.url,
    entities: spec.entities as MixedList<string> | undefined,
    poolSize: spec.poolSize ?? 10,
    connectTimeoutMS: connectTimeoutMs,
    applicationName: spec.name,
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    logging: false,
    poolErrorHandler: (error: Error) => {
      if (source.isInitialized) onIdleError(error);
    },
    extra: {
      ...connectionConfig({ applicationName: spec.name, connectTimeoutMs, statementTimeoutMs }),
      idleTimeoutMillis: idleTimeoutMs,
      Client: HeardClient,
    },
  });
  return source;
}

const initializing = new WeakMap<DataSource, Promise<DataSource>>();

/**
 * Connects on the first call; callers at the same time share one attempt, and a failed one leaves the next call to try
 * again. Throws AppError `dependency` when the database cannot be reached.
 */
export function ensureInitialized(dataSource: DataSource): Promise<DataSource> {
  if (dataSource.isInitialized) return Promise.resolve(dataSource);
  const present = initializing.get(dataSource);
  if (present !== undefined) return present;
  const attempt = dataSource
    .initialize()
    .catch((error: unknown) => {
      throw asConnectDependency(error);
    })
    .finally(() => initializing.delete(dataSource));
  initializing.set(dataSource, attempt);
  return attempt;
}
