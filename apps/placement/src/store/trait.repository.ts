import { isForeignKeyViolation } from '@kilonova/sql';
import { Inject, Injectable } from '@nestjs/common';
import { first, PlacementDatabase } from './sql.js';

/** Which traits are asked for: by names, by the beginning of the name, by whether any provider has them. */
export interface TraitFilter {
  readonly names?: readonly string[];
  readonly prefix?: string;
  readonly associated?: boolean;
}

/** Names with the newest write among them; undefined when there are none. */
export interface TraitList {
  readonly names: readonly string[];
  readonly modified: Date | undefined;
}

/** The traits that exist. */
@Injectable()
export class TraitRepository {
  constructor(@Inject(PlacementDatabase) private readonly db: PlacementDatabase) {}

  async list(filter: TraitFilter): Promise<TraitList> {
    const rows = await this.db.query<{ name: string; modified: Date }>(
      `SELECT t.name, greatest(t.created_at, t.updated_at) AS modified FROM traits t
       WHERE ($1::text[] IS NULL OR t.name = ANY ($1))
         AND ($2::text IS NULL OR starts_with(t.name, $2))
         AND ($3::boolean IS NULL OR $3 = EXISTS (SELECT FROM resource_provider_traits l WHERE l.trait_id = t.id))
       ORDER BY t.id`,
      [filter.names ?? null, filter.prefix ?? null, filter.associated ?? null],
    );
    const modified = rows.length === 0 ? undefined : new Date(Math.max(...rows.map((row) => row.modified.getTime())));
    return { names: rows.map((row) => row.name), modified };
  }

  /** When the trait was last written; undefined when there is none of that name. */
  async find(name: string): Promise<Date | undefined> {
    const sql = 'SELECT greatest(created_at, updated_at) AS modified FROM traits WHERE name = $1';
    return (await first<{ modified: Date }>(this.db, sql, [name]))?.modified;
  }

  /** Makes the trait exist; tells whether it is new. */
  async ensure(name: string): Promise<{ created: boolean; modified: Date }> {
    const present = await this.find(name);
    if (present !== undefined) return { created: false, modified: present };
    const sql = 'INSERT INTO traits (name) VALUES ($1) ON CONFLICT DO NOTHING RETURNING created_at AS modified';
    const made = await first<{ modified: Date }>(this.db, sql, [name]);
    return made === undefined ? this.ensure(name) : { created: true, modified: made.modified };
  }

  async remove(name: string): Promise<'deleted' | 'not-found' | 'in-use'> {
    try {
      const gone = await this.db.query('DELETE FROM traits WHERE name = $1 RETURNING id', [name]);
      return gone.length > 0 ? 'deleted' : 'not-found';
    } catch (error) {
      if (isForeignKeyViolation(error)) return 'in-use';
      throw error;
    }
  }
}
