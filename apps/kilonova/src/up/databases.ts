import { ensureCell, ManageContext, syncApiDb, syncCellDbs } from '@kilonova/manage';
import { ensureDatabase } from '@kilonova/sql';
import { AppError } from '@kilonova/util';
import type { CloudLayout } from './cloud-layout.js';

/** Makes every database with its newest schema, and maps the cells; what is there already stays. */
export async function prepareDatabases(layout: CloudLayout): Promise<void> {
  const context = new ManageContext(layout.databases.api);
  try {
    await Promise.all([ensureDatabase(layout.databases.placement), syncApiDb(context)]);
    for (const cell of mappings(layout)) await ensureCell(context, cell);
    const { exitCode, lines } = await syncCellDbs(context);
    if (exitCode !== 0) throw new AppError({ kind: 'dependency', code: 'kilonova.up.databases', message: lines.join('\n') });
  } finally {
    await context.close();
  }
}

const mappings = ({ databases, cells }: CloudLayout) => [
  { name: 'cell0', transport_url: '', database_connection: databases.cell0 },
  ...cells.map(({ name, broker, database }) => ({ name, transport_url: broker, database_connection: database })),
];
