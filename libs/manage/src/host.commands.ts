import { CellMappingRepository, type HostMapping, HostMappingRepository } from '@kilonova/api-db';
import { ComputeNodeRepository, type ComputeNodeRow, ServiceRepository } from '@kilonova/cell-db';
import { CELL0_UUID, type CellMapping } from '@kilonova/cells';
import { rows } from '@kilonova/sql';
import { type CommandResult, ended, type ManageContext } from './manage-context.js';

const mappings = new HostMappingRepository();
const nodes = new ComputeNodeRepository();

export interface DiscoverHosts {
  /** One cell; left out, all. */
  readonly cell_uuid?: string;
  /** Nothing found is a failure. */
  readonly strict?: boolean;
}

/** `cell_v2 discover_hosts`: 0; 1 unknown cell, or none found with `strict`; 2 a host is mapped to another cell. Looks at nodes that were not seen before only. */
export async function discoverHosts(
  context: ManageContext,
  given: DiscoverHosts = {},
): Promise<CommandResult<readonly string[]>> {
  const all = await new CellMappingRepository().list(await context.api());
  const wanted = all.filter(
    (cell) => cell.uuid !== CELL0_UUID && (given.cell_uuid === undefined || cell.uuid === given.cell_uuid),
  );
  if (given.cell_uuid !== undefined && wanted.length === 0) return ended(1, [`There is no cell ${given.cell_uuid}.`], []);
  const found: string[] = [];
  for (const cell of wanted) {
    const { added, foreign } = await discoverIn(context, cell);
    if (foreign.length > 0)
      return ended(
        2,
        foreign.map((mapping) => `Host ${mapping.host} is mapped to cell ${mapping.cell_name} already.`),
        found,
      );
    found.push(...added);
  }
  if (found.length === 0 && given.strict === true) return ended(1, ['No unmapped hosts were found.'], found);
  return ended(0, [`Found ${found.length} unmapped hosts.`, ...found.map((host) => `Mapped host ${host}.`)], found);
}

async function discoverIn(context: ManageContext, cell: CellMapping): Promise<{ added: string[]; foreign: HostMapping[] }> {
  const sql = await context.cell(cell);
  const unmapped = await nodes.unmapped(sql);
  if (unmapped.length === 0) return { added: [], foreign: [] };
  const hosts = [...new Set(unmapped.map((node) => node.host))];
  const api = await context.api();
  const foreign = (await mappings.findMany(api, hosts)).filter((mapping) => mapping.cell_id !== cell.id);
  if (foreign.length > 0) return { added: [], foreign };
  const added = await mappings.addMany(api, cell.id, hosts);
  await markMapped(sql, unmapped);
  return { added, foreign };
}

const markMapped = (
  sql: Parameters<typeof nodes.markMapped>[0],
  unmapped: ReadonlyArray<Pick<ComputeNodeRow, 'id'>>,
): Promise<void> =>
  nodes.markMapped(
    sql,
    unmapped.map((node) => node.id),
  );

/** `cell_v2 list_hosts`: 0; 1 unknown cell. */
export async function listHosts(context: ManageContext, cellUuid?: string): Promise<CommandResult<readonly HostMapping[]>> {
  const api = await context.api();
  if (cellUuid !== undefined && (await new CellMappingRepository().find(api, cellUuid)) === undefined)
    return ended(1, [`There is no cell ${cellUuid}.`], []);
  const found = await mappings.list(api, cellUuid);
  return ended(
    0,
    found.map((mapping) => [mapping.cell_name, mapping.cell_uuid, mapping.host].join('  ')),
    found,
  );
}

/** `cell_v2 delete_host`: 0; 1 unknown cell; 2 unknown host; 3 it is in another cell; 4 instances are on it. */
export async function deleteHost(context: ManageContext, cellUuid: string, host: string): Promise<CommandResult> {
  const api = await context.api();
  const cell = await new CellMappingRepository().find(api, cellUuid);
  if (cell === undefined) return ended(1, [`There is no cell ${cellUuid}.`], undefined);
  const mapping = await mappings.find(api, host);
  if (mapping === undefined) return ended(2, [`There is no host ${host}.`], undefined);
  if (mapping.cell_id !== cell.id) return ended(3, [`Host ${host} is in cell ${mapping.cell_name}.`], undefined);
  const sql = await context.cell(cell);
  if ((await rows(sql, 'SELECT 1 FROM instances WHERE host = $1 LIMIT 1', [host])).length > 0)
    return ended(4, [`There are instances on host ${host}.`], undefined);
  await nodes.unmapHost(sql, host);
  await mappings.remove(api, host);
  return ended(0, [], undefined);
}

export interface HostLine {
  readonly cell: string;
  readonly host: string;
  readonly binary: string;
  readonly up: boolean;
  readonly disabled: boolean;
}

/** `host list`: 0; 1 when a cell could not be asked. `downSeconds`: the silence after which a service counts as down. */
export async function hostList(context: ManageContext, downSeconds = 60): Promise<CommandResult<readonly HostLine[]>> {
  const cells = (await new CellMappingRepository().list(await context.api())).filter((cell) => cell.uuid !== CELL0_UUID);
  const answers = await Promise.allSettled(cells.map((cell) => hostsOf(context, cell, downSeconds * 1000)));
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const silent = cells
    .filter((_cell, index) => answers[index]?.status === 'rejected')
    .map((cell) => `Cell ${cell.name} did not answer.`);
  const lines = found.map((line) =>
    [line.cell, line.host, line.binary, line.disabled ? 'disabled' : 'enabled', line.up ? 'up' : 'down'].join('  '),
  );
  return ended(silent.length > 0 ? 1 : 0, [...lines, ...silent], found);
}

async function hostsOf(context: ManageContext, cell: CellMapping, downMs: number): Promise<HostLine[]> {
  const services = await new ServiceRepository().list(await context.cell(cell));
  return services.map(({ host, binary, disabled, forced_down, last_seen_up, silent_ms }) => ({
    cell: cell.name,
    host,
    binary,
    disabled,
    up: !forced_down && last_seen_up !== null && silent_ms <= downMs,
  }));
}
