import { randomUUID } from 'node:crypto';
import { CellMappingRepository } from '@kilonova/api-db';
import { CELL0_UUID, NO_TRANSPORT } from '@kilonova/cells';
import { besideApi, createCell, mapCell0 } from './cell.commands.js';
import { syncCellDbs } from './database.commands.js';
import { discoverHosts } from './host.commands.js';
import { type CommandResult, ended, type ManageContext } from './manage-context.js';

const cells = new CellMappingRepository();

export interface WantedCell {
  readonly name: string;
  readonly transport_url: string;
  readonly database_connection: string;
}

/**
 * Maps the cell of that name, or gives its mapping the URLs that it has now: for whoever sets a cloud up from a plan.
 * Cells may share a broker here, unlike with `create_cell`. cell0 keeps its uuid and has no transport. 0 with the uuid.
 * @throws the driver's unique violation when the database belongs to a cell of another name.
 */
export async function ensureCell(context: ManageContext, wanted: WantedCell): Promise<CommandResult<string>> {
  const sql = await context.api();
  const cell0 = wanted.name === 'cell0';
  const { name, database_connection } = wanted;
  const transport_url = cell0 ? NO_TRANSPORT : wanted.transport_url;
  const known = (await cells.list(sql)).find((cell) => cell.name === name);
  const { uuid } =
    (known && (await cells.update(sql, known.uuid, { transport_url, database_connection }))) ??
    (await cells.create(sql, {
      uuid: cell0 ? CELL0_UUID : randomUUID(),
      name,
      transport_url,
      database_connection,
      disabled: false,
    }));
  return ended(0, [uuid], uuid);
}

export interface SimpleCell {
  readonly transport_url: string;
  /** Left out: `<database>_cell1` beside the API database. */
  readonly database_connection?: string;
}

/**
 * `cell_v2 simple_cell_setup`: cell0, one cell named `cell1`, their databases, and the hosts that are there.
 * 0, also when that was done before; 1 no transport URL, a database could not be reached, or no host has registered.
 */
export async function simpleCellSetup(context: ManageContext, given: SimpleCell): Promise<CommandResult> {
  if (given.transport_url === '') return ended(1, ['--transport-url is needed.'], undefined);
  const known = (await cells.list(await context.api())).filter((cell) => cell.uuid !== CELL0_UUID);
  const database_connection = given.database_connection ?? besideApi(context.apiUrl, 'cell1');
  const lines = [...(await mapCell0(context)).lines];
  if (known.length === 0) {
    const created = await createCell(context, { name: 'cell1', transport_url: given.transport_url, database_connection });
    lines.push(...created.lines);
    if (created.exitCode !== 0) return ended(1, lines, undefined);
  }
  const synced = await syncCellDbs(context);
  lines.push(...synced.lines);
  if (synced.exitCode !== 0) return ended(1, lines, undefined);
  return withHosts(context, lines);
}

async function withHosts(context: ManageContext, before: readonly string[]): Promise<CommandResult> {
  const found = await discoverHosts(context);
  const lines = [...before, ...found.lines];
  const mapped = await cells.hasHosts(await context.api());
  return ended(
    found.exitCode === 0 && mapped ? 0 : 1,
    mapped ? lines : [...lines, 'No host has registered yet: start one, then run discover_hosts.'],
    undefined,
  );
}
