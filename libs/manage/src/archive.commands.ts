import { CellMappingRepository, InstanceMappingRepository } from '@kilonova/api-db';
import { InstanceArchive } from '@kilonova/cell-db';
import { rows, type Sql } from '@kilonova/sql';
import { type CommandResult, ended, type ManageContext } from './manage-context.js';

/** Rows a statement: short locks. */
const BATCH = 1_000;

export interface Purge {
  /** Deleted before this; left out needs `all`. */
  readonly before?: Date;
  readonly all?: boolean;
}

/** `db purge`: forgets deleted instances in all cells, with what the API level still knows of them. 0 some; 1 neither `before` nor `all`; 2 bad date; 3 none. */
export async function purgeDeleted(context: ManageContext, given: Purge): Promise<CommandResult<number>> {
  if (given.before === undefined && given.all !== true) return ended(1, ['Either --before or --all is needed.'], 0);
  const before = given.before ?? new Date();
  if (Number.isNaN(before.getTime())) return ended(2, ['The date cannot be read.'], 0);
  const api = await context.api();
  let count = 0;
  for (const cell of await new CellMappingRepository().list(api)) count += await purgeCell(api, await context.cell(cell), before);
  return ended(count > 0 ? 0 : 3, [`Purged ${count} deleted instances.`], count);
}

/** The API level forgets first: rows that are left in a cell are found again by the next run. */
async function purgeCell(api: Sql, cell: Sql, before: Date): Promise<number> {
  const archive = new InstanceArchive();
  const mappings = new InstanceMappingRepository();
  for (let count = 0; ; ) {
    const batch = await rows<{ uuid: string }>(
      cell,
      'SELECT uuid FROM instances_archive WHERE deleted_at < $1 ORDER BY deleted_at, uuid LIMIT $2',
      [before, BATCH],
    );
    if (batch.length === 0) return count;
    await mappings.removeMany(
      api,
      batch.map((row) => row.uuid),
    );
    count += await archive.purge(cell, before, BATCH);
  }
}
