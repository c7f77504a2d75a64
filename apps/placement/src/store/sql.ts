/** One database session's way to run SQL: the pool's, or that of a transaction. */
export interface Sql {
  /** Runs one statement, prepared once per connection, and answers its rows. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/**
 * The placement database. Abstract, so that it is the token by which repositories ask for it. What the database gives up
 * as one side of a deadlock is run again, a bounded number of times.
 */
export abstract class PlacementDatabase implements Sql {
  abstract query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs the work in one transaction: committed when it resolves, rolled back when it throws. It may run more than once. */
  abstract transaction<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result>;
}

/** The first row, if any. */
export async function first<Row>(sql: Sql, text: string, values: readonly unknown[]): Promise<Row | undefined> {
  return (await sql.query<Row>(text, values))[0];
}
