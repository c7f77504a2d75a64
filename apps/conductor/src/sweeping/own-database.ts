import type { DataSource } from 'typeorm';

/** The database that a conductor works on, whichever role it has: the API level's, or its cell's. */
export abstract class OwnDatabase {
  /** Connected. @throws AppError `dependency` while it is away */
  abstract sql(): Promise<DataSource>;
}
