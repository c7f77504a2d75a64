import { CellMappingRepository, InstanceMappingRepository } from '@kilonova/api-db';
import { InstanceArchive } from '@kilonova/cell-db';
import { type CellMapping } from '@kilonova/cells';
import { rows, type Sql } from '@kilonova/sql';
import { type CommandResult, ended, type ManageContext } from './manage-context.js';

/** `cell_v2 verify_instance`: 0 it is in a cell; 1 not mapped; 2 in no cell yet; 3 deleted; 4 deleted and purged. The value is its cell. */
export async function verifyInstance(context: ManageContext, uuid: string): Promise<CommandResult<CellMapping | undefined>> {
  const api = await context.api();
  const mapping = await new InstanceMappingRepository().find(api, uuid);
  if (mapping === undefined) return ended(1, [`Instance ${uuid} is not mapped to a cell.`], undefined);
  const cell = (await new CellMappingRepository().list(api)).find(({ id }) => id === mapping.cell_id);
  if (cell === undefined) return ended(2, [`Instance ${uuid} is in no cell yet.`], undefined);
  const sql = await context.cell(cell);
  if (await isLive(sql, uuid)) return ended(0, [`Instance ${uuid} is in cell ${cell.name} (${cell.uuid}).`], cell);
  const deleted = (await new InstanceArchive().find(sql, uuid)) !== undefined;
  return deleted
    ? ended(3, [`Instance ${uuid} was deleted from cell ${cell.name}.`], cell)
    : ended(4, [`Cell ${cell.name} does not know instance ${uuid} any more.`], cell);
}

const isLive = async (sql: Sql, uuid: string): Promise<boolean> =>
  (await rows(sql, 'SELECT 1 FROM instances WHERE uuid = $1', [uuid])).length > 0;
