import { readFileSync } from 'node:fs';
import { type CellMapping, resolveConnection } from '@kilonova/cells';
import { createDataSource, ensureInitialized } from '@kilonova/sql';
import type { DataSource } from 'typeorm';

/** Statement timeout of commands: they may take their time, but not for ever. */
const STATEMENT_MS = 300_000;

/**
 * What the management commands work on: the API database, and the cells that it names. Connections are made when they
 * are needed and closed together.
 */
export class ManageContext {
  readonly #open = new Map<string, DataSource>();

  /** @param apiUrl the API database; also the source of parts for mappings that are templates */
  constructor(readonly apiUrl: string) {}

  /** @throws AppError `dependency` when it does not answer. */
  api(): Promise<DataSource> {
    return this.connect(this.apiUrl);
  }

  /** The URL of a cell's database with its secrets filled in. */
  databaseUrl(cell: Pick<CellMapping, 'database_connection'>): string {
    return resolveConnection(cell.database_connection, (path) => readFileSync(path, 'utf8'), this.apiUrl);
  }

  /** @throws AppError `dependency` when it does not answer. */
  cell(cell: Pick<CellMapping, 'database_connection'>): Promise<DataSource> {
    return this.connect(this.databaseUrl(cell));
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()].filter((dataSource) => dataSource.isInitialized);
    this.#open.clear();
    await Promise.all(open.map((dataSource) => dataSource.destroy()));
  }

  private connect(url: string): Promise<DataSource> {
    const known =
      this.#open.get(url) ?? createDataSource({ url, name: 'kilonova manage', poolSize: 2, statementTimeoutMs: STATEMENT_MS });
    this.#open.set(url, known);
    return ensureInitialized(known);
  }
}

/** The end of a command: the exit code that operators' scripts know, what to print, and the result as data. */
export interface CommandResult<T = undefined> {
  readonly exitCode: number;
  readonly lines: readonly string[];
  readonly value: T;
}

export const ended = <T>(exitCode: number, lines: readonly string[], value: T): CommandResult<T> => ({ exitCode, lines, value });
