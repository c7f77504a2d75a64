import { type NameTable, World } from '../model/world/index.js';
import type { Sql } from '../store/sql.js';
import { currentPosition, type Position } from './model-refresh.js';
import { PROVIDER_COLUMNS, type ProviderRow, toProviderState } from './model-rows.js';

/** Providers per query of a load: some ten megabytes of rows at most. */
const PAGE_SIZE = 5000;

/**
 * Loads everything into a new world. The pages are read one after another without a common snapshot; the answered position
 * was taken before the first, so the refresh that has to follow re-reads whatever changed meanwhile.
 */
export async function loadWorld(sql: Sql): Promise<{ world: World; position: Position }> {
  const position = await currentPosition(sql);
  const world = new World();
  await loadNames(sql, world.traits, 'SELECT id, name FROM traits');
  await loadNames(sql, world.classes, 'SELECT id, name FROM resource_classes');
  await loadNames(sql, world.aggregates, 'SELECT id, uuid::text AS name FROM placement_aggregates');
  const page = `SELECT ${PROVIDER_COLUMNS} FROM resource_providers p WHERE p.id > $1 ORDER BY p.id LIMIT ${PAGE_SIZE}`;
  for (let after = -1; ; ) {
    const rows = await sql.query<ProviderRow>(page, [after]);
    for (const row of rows) world.apply(toProviderState(row));
    if (rows.length < PAGE_SIZE) return { world, position };
    after = Number(rows.at(-1)?.id);
  }
}

async function loadNames(sql: Sql, table: NameTable, statement: string): Promise<void> {
  const rows = await sql.query<{ id: string | number; name: string }>(statement);
  table.replaceAll(rows.map(({ id, name }) => [Number(id), name] as const));
}
