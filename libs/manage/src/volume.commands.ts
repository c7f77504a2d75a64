import { CellMappingRepository } from '@kilonova/api-db';
import { BlockDeviceRepository } from '@kilonova/cell-db';
import { type CommandResult, ended, type ManageContext } from './manage-context.js';

/** Mappings that one cell is asked for at once. */
const LIMIT = 1_000;

/** A volume that a server has more than once. */
export interface DuplicateVolume {
  readonly cell: string;
  readonly server: string;
  readonly volume: string;
  readonly count: number;
}

/**
 * `db clean_volume_mappings`: finds volumes that a server has more than once in any cell, and with `remove` keeps one of each: what
 * has an attachment rather than what has none, then the older one. 0 there are none (any more); 1 there are, and they were left.
 */
export async function cleanVolumeMappings(
  context: ManageContext,
  { remove }: { readonly remove?: boolean },
): Promise<CommandResult<readonly DuplicateVolume[]>> {
  const devices = new BlockDeviceRepository();
  const found: DuplicateVolume[] = [];
  let removed = 0;
  for (const cell of await new CellMappingRepository().list(await context.api())) {
    const sql = await context.cell(cell);
    const duplicates = await devices.duplicates(sql, LIMIT);
    found.push(
      ...duplicates.map((one) => ({ cell: cell.name, server: one.instance_uuid, volume: one.volume_id, count: one.count })),
    );
    if (remove === true && duplicates.length > 0) removed += await devices.removeDuplicates(sql);
  }
  const lines = found.map((one) => `${one.cell}: server ${one.server} has volume ${one.volume} ${one.count} times`);
  if (remove === true) return ended(0, [...lines, `Removed ${removed} mappings.`], found);
  return ended(found.length === 0 ? 0 : 1, found.length === 0 ? ['No server has a volume more than once.'] : lines, found);
}
