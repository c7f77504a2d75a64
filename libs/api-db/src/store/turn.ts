import { lockNamed } from '@kilonova/sql';
import type { EntityManager } from 'typeorm';

/**
 * Waits until no other transaction has the turn of this owner (a user's key pairs, a project's server groups) and keeps it
 * until the transaction ends, so that what is counted next is exact. Owners whose hashes collide wait for each other.
 */
export async function takeTurn(sql: EntityManager, thing: 'key_pairs' | 'server_groups', owner: string): Promise<void> {
  await lockNamed(sql, `${thing}:${owner}`);
}
