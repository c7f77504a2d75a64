import { first, type Sql } from './sql.js';

/** A provider row that this transaction has locked against other writers. */
export interface LockedProvider {
  readonly id: number;
  readonly generation: number;
}

/** What a raised generation came to. */
export interface RaisedGeneration {
  readonly generation: number;
  readonly modified: Date;
}

/** Locks a provider's row; whatever belongs to it (inventories, traits, aggregates) is written under this lock. */
export const lockProvider = (tx: Sql, uuid: string): Promise<LockedProvider | undefined> =>
  first<LockedProvider>(tx, 'SELECT id, generation FROM resource_providers WHERE uuid = $1 FOR NO KEY UPDATE', [uuid]);

/** Raises the generation of a locked provider by one. */
export async function raiseGeneration(tx: Sql, id: number): Promise<RaisedGeneration> {
  const rows = await tx.query<RaisedGeneration>(
    `UPDATE resource_providers SET generation = generation + 1, updated_at = now() WHERE id = $1
     RETURNING generation, updated_at AS modified`,
    [id],
  );
  const raised = rows[0];
  if (raised === undefined) throw new Error(`provider row ${id} vanished under its lock`);
  return raised;
}
