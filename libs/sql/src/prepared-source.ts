import type { DataSource } from 'typeorm';
import { ensureInitialized } from './data-source.js';
import { prepared, type Sql, transaction } from './statement.js';

/** For code that knows neither TypeORM nor this package. Every statement is prepared, so each text has to be a constant. */
export interface PreparedExecutor {
  /** Answers the rows. */
  query(text: string, parameters?: readonly unknown[]): Promise<object[]>;
}

export interface PreparedSource extends PreparedExecutor {
  transaction<T>(work: (sql: PreparedExecutor) => Promise<T>): Promise<T>;
}

export const preparedExecutor = (sql: Sql): PreparedExecutor => ({
  query: (text, parameters) => prepared(sql, text, parameters),
});

/** A data source as an outbox relay asks it; it connects on first use. */
export const preparedSource = (source: DataSource): PreparedSource => ({
  query: async (text, parameters) => prepared(await ensureInitialized(source), text, parameters),
  transaction: async (work) => transaction(await ensureInitialized(source), (sql) => work(preparedExecutor(sql))),
});
