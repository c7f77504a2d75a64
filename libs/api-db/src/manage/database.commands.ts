import { type CellMapping, syncCellDatabase } from '@kilonova/cell-db';
import type { MigrationReport } from '@kilonova/sql';
import { CellMappingRepository } from '../cell-mapping/cell-mapping.repository.js';
import { syncApiDatabase } from '../store/api-migrations.js';
import { type CommandResult, ended, type ManageContext } from './manage-context.js';

const told = (what: string, report: MigrationReport): string[] =>
  report.applied.length === 0 ? [`${what}: up to date`] : report.applied.map((name) => `${what}: applied ${name}`);

/** `api_db sync`: 0. @throws AppError `dependency` when the server does not answer. */
export async function syncApiDb(context: ManageContext): Promise<CommandResult<MigrationReport>> {
  const report = await syncApiDatabase(context.apiUrl);
  return ended(0, told('api', report), report);
}

export interface SyncedCell {
  readonly cell: string;
  readonly report?: MigrationReport;
  readonly error?: string;
}

/** `db sync`: cell0 and every cell, one after another. 0; 1 when one of them could not be reached. */
export async function syncCellDbs(context: ManageContext): Promise<CommandResult<readonly SyncedCell[]>> {
  const cells = await new CellMappingRepository().list(await context.api());
  const synced: SyncedCell[] = [];
  for (const cell of cells) synced.push(await syncOne(context, cell));
  const lines = synced.flatMap(({ cell, report, error }) => (report === undefined ? [`${cell}: ${error ?? ''}`] : told(cell, report)));
  return ended(synced.some((one) => one.error !== undefined) ? 1 : 0, lines, synced);
}

async function syncOne(context: ManageContext, cell: CellMapping): Promise<SyncedCell> {
  try {
    return { cell: cell.name, report: await syncCellDatabase(context.databaseUrl(cell)) };
  } catch (error) {
    return { cell: cell.name, error: error instanceof Error ? error.message : String(error) };
  }
}
