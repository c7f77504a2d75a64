import {
  asDependency,
  createDataSource,
  ensureInitialized,
  isConnectionFailure,
  prepared,
  retryTransient,
  sqlState,
  transaction,
} from '@kilonova/sql';
import { AppError, type BackoffPlan, invalid } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { PlacementDatabase, type Sql } from './sql.js';

export interface DatabaseSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly connectTimeoutSeconds: number;
  readonly statementTimeoutSeconds: number;
  /** How often a statement or transaction is run again that lost a deadlock. */
  readonly retries: number;
}

/** SQLSTATEs of what a caller wrote and the database cannot store: a NUL, an unpaired surrogate, a number past its column. */
const UNSTORABLE = new Set(['22021', '22P05', '22003']);

/** The placement database through a data source; it connects when it is first asked. Each statement is prepared once per connection. */
export class DataSourceDatabase extends PlacementDatabase {
  readonly #dataSource: DataSource;
  readonly #retryPlan: BackoffPlan;

  /** @param onIdleError hears of connections that were lost while idle. */
  constructor(settings: DatabaseSettings, onIdleError: (error: Error) => void) {
    super();
    const { url, poolSize, retries } = settings;
    this.#dataSource = createDataSource({
      url,
      poolSize,
      connectTimeoutMs: settings.connectTimeoutSeconds * 1000,
      statementTimeoutMs: settings.statementTimeoutSeconds * 1000,
      name: 'kilonova-placement',
      onIdleError,
    });
    this.#retryPlan = { attempts: retries + 1, baseMs: 5, capMs: 200 };
  }

  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const dataSource = await ensureInitialized(this.#dataSource);
    return retryTransient(() => run<Row>(dataSource, text, values), this.#retryPlan);
  }

  async transaction<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result> {
    const dataSource = await ensureInitialized(this.#dataSource);
    const attempt = (): Promise<Result> =>
      transaction(dataSource, (manager) => work({ query: (text, values = []) => run(manager, text, values) }));
    return retryTransient(attempt, this.#retryPlan);
  }

  async close(): Promise<void> {
    if (this.#dataSource.isInitialized) await this.#dataSource.destroy();
  }
}

async function run<Row>(on: Parameters<typeof prepared>[0], text: string, values: readonly unknown[]): Promise<Row[]> {
  try {
    return (await prepared<object>(on, text, values)) as Row[];
  } catch (error) {
    throw fault(error);
  }
}

/** What a caller is to make of a driver's error; one with a SQLSTATE of its own meaning stays as it is. */
function fault(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const state = sqlState(error);
  if (state !== undefined && UNSTORABLE.has(state))
    return invalid('placement.undefined_code', 'The request holds a value that cannot be stored.');
  const lost = isConnectionFailure(error) || (state === undefined && error instanceof Error && error.constructor === Error);
  if (!lost) return asDependency(error);
  return new AppError({
    kind: 'dependency',
    code: 'sql.database.unavailable',
    message: 'The database is not available.',
    cause: error,
  });
}
