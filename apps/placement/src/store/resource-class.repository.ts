import { isForeignKeyViolation, isUniqueViolation } from '@kilonova/sql';
import { Inject, Injectable } from '@nestjs/common';
import { first, PlacementDatabase } from './sql.js';

/** A resource class and when its row was last written. */
export interface ResourceClass {
  readonly name: string;
  readonly modified: Date;
}

const INSERT = `
  INSERT INTO resource_classes (id, name) VALUES (nextval('custom_resource_class_id')::integer, $1)
  ON CONFLICT (name) DO NOTHING RETURNING id`;

/** The resource classes that exist: the standard ones, in their fixed order, then custom ones by age. */
@Injectable()
export class ResourceClassRepository {
  constructor(@Inject(PlacementDatabase) private readonly db: PlacementDatabase) {}

  list(): Promise<ResourceClass[]> {
    return this.db.query('SELECT name, greatest(created_at, updated_at) AS modified FROM resource_classes ORDER BY id');
  }

  find(name: string): Promise<ResourceClass | undefined> {
    return first(this.db, 'SELECT name, greatest(created_at, updated_at) AS modified FROM resource_classes WHERE name = $1', [
      name,
    ]);
  }

  /** Makes a custom class; false when the name is taken. */
  async create(name: string): Promise<boolean> {
    return (await this.find(name)) === undefined && (await this.db.query(INSERT, [name])).length > 0;
  }

  async rename(name: string, to: string): Promise<'renamed' | 'not-found' | 'duplicate'> {
    try {
      const sql = 'UPDATE resource_classes SET name = $2, updated_at = now() WHERE name = $1 RETURNING id';
      return (await this.db.query(sql, [name, to])).length > 0 ? 'renamed' : 'not-found';
    } catch (error) {
      if (isUniqueViolation(error)) return 'duplicate';
      throw error;
    }
  }

  async remove(name: string): Promise<'deleted' | 'not-found' | 'in-use'> {
    try {
      const gone = await this.db.query('DELETE FROM resource_classes WHERE name = $1 RETURNING id', [name]);
      return gone.length > 0 ? 'deleted' : 'not-found';
    } catch (error) {
      if (isForeignKeyViolation(error)) return 'in-use';
      throw error;
    }
  }
}
