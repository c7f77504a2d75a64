import { apiMigrations, CellMappingRepository } from '@kilonova/api-db';
import { cellMigrations } from '@kilonova/cell-db';
import { CELL0_UUID, type CellMapping } from '@kilonova/cells';
import { isBehind, newestMigration, rows, type Sql } from '@kilonova/sql';
import { reasonOf } from '@kilonova/util';
import { apiDbVersion, cellDbVersions } from './database.commands.js';
import { inLanes } from './lanes.js';
import { type CommandResult, ended, type ManageContext } from './manage-context.js';
import { mappingFaults, oldServices, placementFaults, serviceFaults } from './upgrade-findings.js';

const PLACEMENT_MS = 10_000;
const LANES = 4;

export interface UpgradeFinding {
  readonly name: string;
  readonly result: 'success' | 'warning' | 'failure';
  readonly details: string;
}

const found = (name: string, result: UpgradeFinding['result'], details = ''): UpgradeFinding => ({ name, result, details });
const orFailure = (name: string, faults: readonly string[], result: 'warning' | 'failure' = 'failure'): UpgradeFinding =>
  found(name, faults.length === 0 ? 'success' : result, faults.join(' '));

/** `upgrade check`: may this release's services be started? 0: yes; 1: with what is warned of; 2: no. @param placementUrl undefined: not known */
export async function checkUpgrade(
  context: ManageContext,
  placementUrl: string | undefined,
): Promise<CommandResult<readonly UpgradeFinding[]>> {
  const api = await context.api();
  const version = (await apiDbVersion(context)).value;
  const findings = [await schemas(context, version), await placement(placementUrl)];
  if (version !== undefined) findings.push(...(await ofCells(context, await new CellMappingRepository().list(api))));
  const worst = (['failure', 'warning'] as const).find((result) => findings.some((one) => one.result === result));
  const lines = findings.map(({ name, result, details }) => `${name}: ${result}${details === '' ? '' : ` (${details})`}`);
  return ended(worst === 'failure' ? 2 : worst === 'warning' ? 1 : 0, lines, findings);
}

async function schemas(context: ManageContext, version: string | undefined): Promise<UpgradeFinding> {
  const name = 'Database Schemas';
  const [api, cell] = await Promise.all([newestMigration(apiMigrations()), newestMigration(cellMigrations())]);
  if (isBehind(version, api))
    return found(name, 'failure', `The API database has ${version ?? 'none'}. Run "manage api_db sync".`);
  const { value } = await cellDbVersions(context);
  const behind = value.filter((one) => isBehind(one.version, cell)).map((one) => one.cell);
  return orFailure(name, behind.length === 0 ? [] : [`${behind.join(', ')}: not the newest. Run "manage db sync".`]);
}

/** The list of its versions is open to everybody. */
async function placement(url: string | undefined): Promise<UpgradeFinding> {
  const name = 'Placement API';
  if (url === undefined) return found(name, 'warning', 'Its address is not known: give --placement.');
  try {
    const answer = await fetch(`${url.replace(/\/$/, '')}/`, { signal: AbortSignal.timeout(PLACEMENT_MS) });
    const { versions = [] } = (await answer.json()) as { versions?: ReadonlyArray<{ max_version?: string }> };
    const newest = versions.at(-1)?.max_version ?? '0.0';
    return orFailure(name, placementFaults(newest));
  } catch (error) {
    return found(name, 'failure', `It does not answer: ${reasonOf(error)}`);
  }
}

async function ofCells(context: ManageContext, mappings: readonly CellMapping[]): Promise<readonly UpgradeFinding[]> {
  const cells = mappings.filter(({ uuid }) => uuid !== CELL0_UUID);
  const known = await inLanes(cells, LANES, (cell) => ofCell(context, cell));
  const silent = known.filter((one) => one === undefined).length;
  const unmapped = known.reduce((sum, one) => sum + (one?.unmapped ?? 0), 0);
  const old = known.flatMap((one) => one?.old ?? []);
  return [
    orFailure('Cell Mappings', mappingFaults(mappings)),
    orFailure(
      'Cells',
      silent === 0 ? [] : [`${silent} of ${cells.length} do not answer: nothing is known of their services.`],
      'warning',
    ),
    orFailure(
      'Host Mappings',
      unmapped === 0 ? [] : [`${unmapped} nodes are not mapped. Run "manage cell_v2 discover_hosts".`],
      'warning',
    ),
    orFailure('Service Versions', serviceFaults(old)),
  ];
}

/** Undefined: it does not answer, or has no schema. */
async function ofCell(
  context: ManageContext,
  cell: CellMapping,
): Promise<{ unmapped: number; old: readonly string[] } | undefined> {
  try {
    const sql: Sql = await context.cell(cell);
    const [nodes] = await rows<{ count: number }>(sql, 'SELECT count(*)::int AS count FROM compute_nodes WHERE NOT mapped');
    return { unmapped: nodes?.count ?? 0, old: await oldServices(sql) };
  } catch {
    return undefined;
  }
}
