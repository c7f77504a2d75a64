// What of databases, cells, services and placement this release cannot work with, each in plain lines.
import { CELL0_UUID, type CellMapping } from '@kilonova/cells';
import { isBehind, newestMigration, rows, type Sql, schemaVersion } from '@kilonova/sql';

/** The placement that scheduler and agents need. */
const PLACEMENT_NEEDED = '1.36';
/** Services of an older version are not understood any more. */
const OLDEST_SERVICE = 1;
/** Services that are named. */
const NAMED = 20;

/** @param folder of its migrations. @param remedy the command that brings it up to date */
export async function schemaFaults(sql: Sql, folder: string, remedy: string): Promise<readonly string[]> {
  const [version, newest] = await Promise.all([schemaVersion(sql), newestMigration(folder)]);
  return isBehind(version, newest) ? [`Its schema is ${version ?? 'empty'}; ${newest} is needed. Run "${remedy}".`] : [];
}

/** @param newest microversion that it speaks, e.g. `1.39` */
export const placementFaults = (newest: string): readonly string[] =>
  isLess(newest, PLACEMENT_NEEDED) ? [`It speaks ${newest} at most; ${PLACEMENT_NEEDED} is needed.`] : [];

function isLess(version: string, than: string): boolean {
  const [[major = 0, minor = 0], [wantedMajor = 0, wantedMinor = 0]] = [version, than].map((one) =>
    one.split('.').map(Number),
  ) as [number[], number[]];
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

export function mappingFaults(mappings: readonly Pick<CellMapping, 'uuid'>[]): readonly string[] {
  const cells = mappings.filter(({ uuid }) => uuid !== CELL0_UUID);
  return [
    ...(mappings.length === cells.length ? ['cell0 is not mapped. Run "manage cell_v2 map_cell0".'] : []),
    ...(cells.length === 0 ? ['There is no cell for hosts. Run "manage cell_v2 create_cell".'] : []),
  ];
}

/** Services of a cell that are too old, some of them by name. */
export async function oldServices(sql: Sql): Promise<readonly string[]> {
  const text = `SELECT host, "binary" FROM services WHERE version < $1 ORDER BY host LIMIT ${NAMED}`;
  const old = await rows<{ host: string; binary: string }>(sql, text, [OLDEST_SERVICE]);
  return old.map(({ host, binary }) => `${binary} on ${host}`);
}

export const serviceFaults = (old: readonly string[]): readonly string[] =>
  old.length === 0 ? [] : [`Too old: ${old.join(', ')}.`];
