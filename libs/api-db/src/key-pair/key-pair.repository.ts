import { execute, isUniqueViolation, rows, type Sql, transaction } from '@kilonova/sql';
import type { EntityManager } from 'typeorm';
import { takeTurn } from '../store/turn.js';

export interface KeyPair {
  readonly id: number;
  readonly user_id: string;
  readonly name: string;
  readonly type: 'ssh' | 'x509';
  readonly fingerprint: string;
  readonly public_key: string;
  readonly created_at: Date;
}

export type NewKeyPair = Omit<KeyPair, 'id' | 'created_at'>;

/** `over-quota`: the user has as many as they may. */
export type KeyPairCreation =
  | { readonly outcome: 'created'; readonly keyPair: KeyPair }
  | { readonly outcome: 'duplicate' }
  | { readonly outcome: 'over-quota' };

/** Users' public keys. */
export class KeyPairRepository {
  async find(sql: Sql, userId: string, name: string): Promise<KeyPair | undefined> {
    const [found] = await rows<KeyPair>(sql, 'SELECT * FROM key_pairs WHERE user_id = $1 AND name = $2', [userId, name]);
    return found;
  }

  /** By name, after the one called `after`. */
  async list(sql: Sql, userId: string, limit: number, after?: string): Promise<KeyPair[]> {
    return rows(
      sql,
      `SELECT * FROM key_pairs WHERE user_id = $1 AND ($3::text IS NULL OR name COLLATE "C" > $3) ORDER BY name COLLATE "C" LIMIT $2`,
      [userId, limit, after ?? null],
    );
  }

  async count(sql: Sql, userId: string): Promise<number> {
    const [found] = await rows<{ count: number }>(sql, 'SELECT count(*) AS count FROM key_pairs WHERE user_id = $1', [userId]);
    return found?.count ?? 0;
  }

  /** Creations of one user are counted one after another. @param limit -1: any number. */
  async create(sql: Sql, keyPair: NewKeyPair, limit: number): Promise<KeyPairCreation> {
    try {
      return await transaction(sql, (own) => this.#create(own, keyPair, limit));
    } catch (error) {
      if (isUniqueViolation(error)) return { outcome: 'duplicate' };
      throw error;
    }
  }

  async #create(sql: EntityManager, keyPair: NewKeyPair, limit: number): Promise<KeyPairCreation> {
    await takeTurn(sql, 'key_pairs', keyPair.user_id);
    const [created] = await rows<KeyPair>(
      sql,
      `INSERT INTO key_pairs (user_id, name, type, fingerprint, public_key)
         SELECT $1, $2, $3, $4, $5 WHERE $6::int < 0 OR (SELECT count(*) FROM key_pairs WHERE user_id = $1) < $6::int RETURNING *`,
      [keyPair.user_id, keyPair.name, keyPair.type, keyPair.fingerprint, keyPair.public_key, limit],
    );
    return created === undefined ? { outcome: 'over-quota' } : { outcome: 'created', keyPair: created };
  }

  async remove(sql: Sql, userId: string, name: string): Promise<boolean> {
    return (await execute(sql, 'DELETE FROM key_pairs WHERE user_id = $1 AND name = $2', [userId, name])) > 0;
  }
}
