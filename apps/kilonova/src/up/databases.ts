import { ApiCellMappings, CellMappingRepository, syncApiDatabase } from '@kilonova/api-db';
import { CELL0_UUID, NO_TRANSPORT, syncCellDatabase } from '@kilonova/cell-db';
import { createDataSource, ensureDatabase, ensureInitialized } from '@kilonova/sql';
import { randomUUID } from 'node:crypto';
import type { CloudLayout } from './cloud-layout.js';

/** Makes every database with its newest schema, and maps the cells; what is there already stays. */
export async function prepareDatabases(layout: CloudLayout): Promise<void> {
  await Promise.all([
    ensureDatabase(layout.databases.placement),
    syncApiDatabase(layout.databases.api),
    syncCellDatabase(layout.databases.cell0),
    ...layout.cells.map((cell) => syncCellDatabase(cell.database)),
  ]);
  await mapCells(layout);
}

async function mapCells(layout: CloudLayout): Promise<void> {
  const source = createDataSource({ url: layout.databases.api, name: 'kilonova up', poolSize: 1 });
  const sql = await ensureInitialized(source);
  const repository = new CellMappingRepository();
  try {
    const known = new Map((await new ApiCellMappings(() => Promise.resolve(sql)).list()).map((cell) => [cell.name, cell]));
    const wanted = [
      { name: 'cell0', uuid: CELL0_UUID, transport_url: NO_TRANSPORT, database_connection: layout.databases.cell0 },
      ...layout.cells.map((cell) => ({ name: cell.name, uuid: randomUUID() as string, transport_url: cell.broker, database_connection: cell.database })),
    ];
    for (const cell of wanted) {
      const present = known.get(cell.name);
      const { uuid: _uuid, ...connections } = cell;
      if (present === undefined) await repository.create(sql, { ...cell, disabled: false });
      else await repository.update(sql, present.uuid, connections);
    }
  } finally {
    await source.destroy();
  }
}
