import { CellMappingRepository, syncApiDatabase } from '@kilonova/api-db';
import { syncCellDatabase } from '@kilonova/cell-db';
import { type CellMapping } from '@kilonova/cells';
import { type MigrationReport, schemaVersion } from '@kilonova/sql';
import { reasonOf } from '@kilonova/util';
import { inLanes } from './lanes.js';
import { type CommandResult, ended, type ManageContext } from './manage-context.js';

/** Cells that are worked on at once: each takes a few connections and a short burst of the server's CPU. */
const LANES = 4;

const NO_SCHEMA = 'no schema';

const told = (what: string, report: MigrationReport): string[] =>
  report.applied.length === 0 ? [`${what}: up to date`] : report.applied.map((name) => `${what}: applied ${name}`);

/** `api_db sync`: 0. @throws AppError `dependency` when the server does not answer. */
export async function syncApiDb(context: ManageContext): Promise<CommandResult<MigrationReport>> {
  const report = await syncApiDatabase(context.apiUrl);
  return ended(0, told('api', report), report);
}

/** `api_db version`: 0 with the newest migration that was applied; undefined before the first `sync`. */
export async function apiDbVersion(context: ManageContext): Promise<CommandResult<string | undefined>> {
  const version = await schemaVersion(await context.api());
  return ended(0, [version ?? NO_SCHEMA], version);
}

export interface SyncedCell {
  readonly cell: string;
  readonly report?: MigrationReport;
  readonly error?: string;
}

/** `db sync`: cell0 and every cell. 0; 1 when one of them could not be reached; the others are synced all the same. */
export async function syncCellDbs(context: ManageContext): Promise<CommandResult<readonly SyncedCell[]>> {
  const cells = await new CellMappingRepository().list(await context.api());
  const synced = await inLanes(cells, LANES, (cell) => syncOne(context, cell));
  const lines = synced.flatMap(({ cell, report, error }) =>
    report === undefined ? [`${cell}: ${error ?? ''}`] : told(cell, report),
  );
  return ended(synced.some((one) => one.error !== undefined) ? 1 : 0, lines, synced);
}

async function syncOne(context: ManageContext, cell: CellMapping): Promise<SyncedCell> {
  try {
    return { cell: cell.name, report: await syncCellDatabase(context.databaseUrl(cell)) };
  } catch (error) {
    return { cell: cell.name, error: reasonOf(error) };
  }
}

/** `db sync --local_cell`: one cell's database by its URL, for a machine of a cell that does not see the API database. 0. */
export async function syncLocalCell(databaseUrl: string): Promise<CommandResult<MigrationReport>> {
  const report = await syncCellDatabase(databaseUrl);
  return ended(0, told('cell', report), report);
}

export interface CellVersion {
  readonly cell: string;
  /** Undefined: no schema, or it could not be asked. */
  readonly version: string | undefined;
}

/** `db version`: cell0 and every cell. 0; 1 when one of them could not be asked. */
export async function cellDbVersions(context: ManageContext): Promise<CommandResult<readonly CellVersion[]>> {
  const cells = await new CellMappingRepository().list(await context.api());
  const answers = await inLanes(cells, LANES, async (cell) => versionOf(context, cell));
  const lines = answers.map(({ cell, version, error }) => `${cell}: ${error ?? version ?? NO_SCHEMA}`);
  const found = answers.map(({ cell, version }) => ({ cell, version }));
  return ended(answers.some(({ error }) => error !== undefined) ? 1 : 0, lines, found);
}

async function versionOf(context: ManageContext, cell: CellMapping): Promise<CellVersion & { readonly error?: string }> {
  try {
    return { cell: cell.name, version: await schemaVersion(await context.cell(cell)) };
  } catch (error) {
    return { cell: cell.name, version: undefined, error: reasonOf(error) };
  }
}
