import type { Config } from '@kilonova/config';
import { placementConfig, placementDatabaseConfig } from '../config.js';
import { DataSourceDatabase } from '../store/placement-database.js';
import type { PlacementDatabase } from '../store/sql.js';

/** Runs a command's work on the placement database and closes it after. */
export async function usingDatabase<Result>(config: Config, work: (db: PlacementDatabase) => Promise<Result>): Promise<Result> {
  const retries = config.get(placementConfig).allocationConflictRetryCount;
  const database = new DataSourceDatabase({ ...config.get(placementDatabaseConfig), poolSize: 1, retries }, () => undefined);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
