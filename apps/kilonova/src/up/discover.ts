import { CellMappingRepository, HostMappingRepository } from '@kilonova/api-db';
import { ComputeNodeRepository } from '@kilonova/cell-db';
import { createDataSource, ensureInitialized, type Sql } from '@kilonova/sql';
import type { CloudLayout } from './cloud-layout.js';

/** Maps the hosts that have registered since the last time. @returns how many hosts are mapped in all. */
export async function discoverHosts(layout: CloudLayout): Promise<number> {
  return withSql(layout.databases.api, async (api) => {
    const cells = await new CellMappingRepository().list(api);
    for (const cell of layout.cells) {
      const mapping = cells.find((candidate) => candidate.name === cell.name);
      if (mapping !== undefined) await withSql(cell.database, (sql) => discoverCell(api, sql, mapping.id));
    }
    return (await new HostMappingRepository().list(api)).length;
  });
}

async function discoverCell(api: Sql, sql: Sql, cellId: number): Promise<void> {
  const nodes = new ComputeNodeRepository();
  const unmapped = await nodes.unmapped(sql);
  if (unmapped.length === 0) return;
  await new HostMappingRepository().addMany(api, cellId, [...new Set(unmapped.map((node) => node.host))]);
  await nodes.markMapped(sql, unmapped.map((node) => node.id));
}

async function withSql<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const source = createDataSource({ url, name: 'kilonova up', poolSize: 1 });
  try {
    return await work(await ensureInitialized(source));
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}
