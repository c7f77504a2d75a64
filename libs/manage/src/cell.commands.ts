import { randomUUID } from 'node:crypto';
import { CellMappingRepository, HostMappingRepository, InstanceMappingRepository } from '@kilonova/api-db';
import { CELL0_UUID, type CellMapping, maskUrl, NO_TRANSPORT } from '@kilonova/cells';
import { isUniqueViolation, transaction } from '@kilonova/sql';
import { type CommandResult, ended, type ManageContext } from './manage-context.js';

const cells = new CellMappingRepository();

export interface CreateCell {
  readonly name: string;
  readonly transport_url: string;
  readonly database_connection: string;
  readonly disabled?: boolean;
}

/** `cell_v2 create_cell`: 0 with the uuid; 1 something is missing; 2 name or URLs belong to another cell. */
export async function createCell(context: ManageContext, given: CreateCell): Promise<CommandResult<string | undefined>> {
  if (given.transport_url === '' || given.database_connection === '')
    return ended(1, ['Both --transport-url and --database_connection are needed.'], undefined);
  const sql = await context.api();
  const same = (await cells.list(sql)).find(
    (cell) => cell.transport_url === given.transport_url || cell.database_connection === given.database_connection,
  );
  if (same !== undefined) return ended(2, [`Cell ${same.name} has the same transport URL or database already.`], undefined);
  try {
    const { uuid } = await cells.create(sql, { ...given, disabled: given.disabled ?? false, uuid: randomUUID() });
    return ended(0, [uuid], uuid);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return ended(2, [`There is a cell ${given.name} already.`], undefined);
  }
}

/** `<database>_<name>` on the server of the API database: where a cell goes when nothing is said. */
export function besideApi(apiUrl: string, name: string): string {
  const url = new URL(apiUrl);
  url.pathname = `${url.pathname}_${name}`;
  return url.href;
}

/** `cell_v2 map_cell0`: 0, also when it is mapped already. */
export async function mapCell0(
  context: ManageContext,
  databaseConnection = besideApi(context.apiUrl, 'cell0'),
): Promise<CommandResult<string>> {
  const sql = await context.api();
  const known = await cells.find(sql, CELL0_UUID);
  if (known !== undefined) return ended(0, ['cell0 is mapped already.'], known.uuid);
  try {
    await cells.create(sql, {
      uuid: CELL0_UUID,
      name: 'cell0',
      transport_url: NO_TRANSPORT,
      database_connection: databaseConnection,
      disabled: false,
    });
  } catch (error) {
    if (!isUniqueViolation(error, 'cell_mappings_uuid_key')) throw error;
  }
  return ended(0, [CELL0_UUID], CELL0_UUID);
}

/** `cell_v2 list_cells`: 0. Passwords are masked unless `verbose`. */
export async function listCells(context: ManageContext, verbose = false): Promise<CommandResult<readonly CellMapping[]>> {
  const shown = (url: string): string => (verbose ? url : maskUrl(url));
  const found = (await cells.list(await context.api())).map((cell) => ({
    ...cell,
    transport_url: shown(cell.transport_url),
    database_connection: shown(cell.database_connection),
  }));
  const lines = found.map((cell) =>
    [cell.name, cell.uuid, cell.transport_url, cell.database_connection, cell.disabled ? 'disabled' : 'enabled'].join('  '),
  );
  return ended(0, lines, found);
}

export interface UpdateCell {
  readonly cell_uuid: string;
  readonly name?: string;
  readonly transport_url?: string;
  readonly database_connection?: string;
  readonly enable?: boolean;
  readonly disable?: boolean;
}

/** `cell_v2 update_cell`: 0; 1 unknown; 2 name taken; 3 URLs of another cell; 4 both enable and disable; 5 cell0 stays enabled. */
export async function updateCell(context: ManageContext, given: UpdateCell): Promise<CommandResult> {
  const sql = await context.api();
  if (given.enable === true && given.disable === true) return ended(4, ['Either --enable or --disable.'], undefined);
  const all = await cells.list(sql);
  if (!all.some((cell) => cell.uuid === given.cell_uuid)) return ended(1, [`There is no cell ${given.cell_uuid}.`], undefined);
  if (given.disable === true && given.cell_uuid === CELL0_UUID) return ended(5, ['cell0 cannot be disabled.'], undefined);
  const others = all.filter((cell) => cell.uuid !== given.cell_uuid);
  if (
    others.some((cell) => cell.transport_url === given.transport_url || cell.database_connection === given.database_connection)
  ) {
    return ended(3, ['Another cell has this transport URL or database.'], undefined);
  }
  return change(context, given);
}

async function change(context: ManageContext, given: UpdateCell): Promise<CommandResult> {
  const { cell_uuid, name, transport_url, database_connection } = given;
  const disabled = given.disable === true ? true : given.enable === true ? false : undefined;
  try {
    await cells.update(await context.api(), cell_uuid, { name, transport_url, database_connection, disabled });
    return ended(0, [], undefined);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return ended(2, ['The cell could not be changed: the name is taken.'], undefined);
  }
}

/** `cell_v2 delete_cell`: 0; 1 unknown; 2 hosts are mapped (without force); 3 instances live in it; 4 deleted ones are mapped (without force). */
export async function deleteCell(context: ManageContext, cellUuid: string, force = false): Promise<CommandResult> {
  return transaction(await context.api(), async (sql) => {
    const cell = await cells.find(sql, cellUuid);
    if (cell === undefined) return ended(1, [`There is no cell ${cellUuid}.`], undefined);
    const hosts = await new HostMappingRepository().list(sql, cellUuid);
    if (hosts.length > 0 && !force) return ended(2, [`Cell ${cell.name} has ${hosts.length} hosts.`], undefined);
    const { living, deleted } = await new InstanceMappingRepository().countOfCell(sql, cell.id);
    if (living > 0) return ended(3, [`Cell ${cell.name} has ${living} instances.`], undefined);
    if (deleted > 0 && !force) return ended(4, [`Cell ${cell.name} has mappings of ${deleted} deleted instances.`], undefined);
    await cells.remove(sql, cell.id);
    return ended(0, [], undefined);
  });
}
