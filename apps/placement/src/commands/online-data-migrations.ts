import type { Config } from '@kilonova/config';
import { reasonOf } from '@kilonova/util';
import { PlacementSettings } from '../settings.js';
import { createIncompleteConsumers, type Migrated, setRootProviderIds } from '../store/data-migrations.js';
import type { PlacementDatabase } from '../store/sql.js';
import { usingDatabase } from './using-database.js';

/** Rows that one batch without a limit takes. */
const BATCH = 50;

export interface DataMigrationReport {
  readonly migrations: readonly {
    readonly name: string;
    readonly found: number;
    readonly completed: number;
    readonly error?: string;
  }[];
  /** 0: nothing is left; 1: rows were migrated, run it again; 2: a migration failed; 127: the limit makes no sense. */
  readonly exitCode: 0 | 1 | 2 | 127;
}

type DataMigration = readonly [name: string, run: (db: PlacementDatabase, batch: number) => Promise<Migrated>];
type Row = DataMigrationReport['migrations'][number];

/**
 * `placement db online_data_migrations`: heals rows that came from an older placement, while the service runs.
 * @param maxCount at most so many rows, in one batch; left out, batches until nothing is left.
 */
export async function onlineDataMigrations(config: Config, maxCount?: number): Promise<DataMigrationReport> {
  if (maxCount !== undefined && !(Number.isInteger(maxCount) && maxCount >= 1)) return { migrations: [], exitCode: 127 };
  const { incomplete } = PlacementSettings.from(config);
  const jobs: readonly DataMigration[] = [
    ['set_root_provider_ids', setRootProviderIds],
    ['create_incomplete_consumers', (db, batch) => createIncompleteConsumers(db, incomplete, batch)],
  ];
  return usingDatabase(config, (db) => (maxCount === undefined ? untilDone(db, jobs) : oneBatch(db, jobs, maxCount)));
}

async function oneBatch(db: PlacementDatabase, jobs: readonly DataMigration[], maxCount: number): Promise<DataMigrationReport> {
  const rows: Row[] = [];
  let left = maxCount;
  for (const job of jobs) {
    const row = left > 0 ? await attempt(db, job, left) : { name: job[0], found: 0, completed: 0 };
    left -= row.completed;
    rows.push(row);
  }
  return { migrations: rows, exitCode: failed(rows) ? 2 : left < maxCount ? 1 : 0 };
}

/** A batch that completes nothing ends it, so rows that cannot be healed don't keep it running. */
async function untilDone(db: PlacementDatabase, jobs: readonly DataMigration[]): Promise<DataMigrationReport> {
  const rows: Row[] = [];
  for (const job of jobs) {
    let sum: Row = { name: job[0], found: 0, completed: 0 };
    for (;;) {
      const row = await attempt(db, job, BATCH);
      sum = { ...row, found: Math.max(sum.found, row.found), completed: sum.completed + row.completed };
      if (row.completed === 0) break;
    }
    rows.push(sum);
  }
  return { migrations: rows, exitCode: failed(rows) ? 2 : 0 };
}

async function attempt(db: PlacementDatabase, [name, run]: DataMigration, batch: number): Promise<Row> {
  try {
    return { name, ...(await run(db, batch)) };
  } catch (error) {
    return { name, found: 0, completed: 0, error: reasonOf(error) };
  }
}

const failed = (rows: readonly Row[]): boolean => rows.some((row) => row.error !== undefined);
