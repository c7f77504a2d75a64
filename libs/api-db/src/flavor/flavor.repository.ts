import type { Flavor } from '@kilonova/compute-objects';
import { execute, isUniqueViolation, prepared, rows, type Sql } from '@kilonova/sql';

export type NewFlavor = Omit<Flavor, 'id' | 'extra_specs' | 'disabled'>;

/** Creating one collides with another's id or name. */
export type FlavorCreation =
  | { readonly outcome: 'created'; readonly flavor: Flavor }
  | { readonly outcome: 'duplicate'; readonly field: 'flavorid' | 'name' };

/** Which flavors a list holds. `projectId` null: those that are not shared with anybody in particular do not matter. */
export interface FlavorFilter {
  /** Undefined: public and private ones alike. */
  readonly isPublic?: boolean;
  /** Private flavors are seen by projects that were given access; null sees them all. */
  readonly accessOf: string | null;
  readonly minRam?: number;
  readonly minDisk?: number;
  readonly name?: string;
}

export interface FlavorOrder {
  readonly key: FlavorSortKey;
  readonly direction: 'asc' | 'desc';
}

const COLUMNS =
  'f.id, f.flavorid, f.name, f.vcpus, f.memory_mb, f.root_gb, f.ephemeral_gb, f.swap, f.rxtx_factor, f.is_public, f.disabled, f.description, f.extra_specs';

/** What lists can be ordered by; the API's names are the columns'. */
export const FLAVOR_SORT_KEYS = [
  'flavorid',
  'name',
  'memory_mb',
  'vcpus',
  'root_gb',
  'ephemeral_gb',
  'swap',
  'rxtx_factor',
  'disabled',
  'is_public',
  'description',
  'created_at',
  'updated_at',
  'id',
] as const;
export type FlavorSortKey = (typeof FLAVOR_SORT_KEYS)[number];

const VISIBLE = `
  (f.is_public OR $1::text IS NULL OR EXISTS (SELECT FROM flavor_projects p WHERE p.flavor_id = f.id AND p.project_id = $1))`;

/** Flavors, their extra specs and who may use the private ones. */
export class FlavorRepository {
  /** @param accessOf the project that asks; null sees private flavors too. */
  async find(sql: Sql, flavorid: string, accessOf: string | null): Promise<Flavor | undefined> {
    const [found] = await prepared<Flavor>(sql, `SELECT ${COLUMNS} FROM flavors f WHERE f.flavorid = $2 AND ${VISIBLE}`, [
      accessOf,
      flavorid,
    ]);
    return found;
  }

  /** A page of flavors in the order asked for, after the one whose id is `afterId`. */
  async list(sql: Sql, filter: FlavorFilter, order: FlavorOrder, limit: number, after?: Flavor): Promise<Flavor[]> {
    return rows(sql, listStatement(order, after !== undefined), [
      filter.accessOf,
      filter.isPublic ?? null,
      filter.minRam ?? null,
      filter.minDisk ?? null,
      filter.name ?? null,
      limit,
      ...(after === undefined ? [] : [after.id]),
    ]);
  }

  async create(sql: Sql, flavor: NewFlavor): Promise<FlavorCreation> {
    try {
      const [created] = await rows<Flavor>(sql, CREATE, [
        flavor.flavorid,
        flavor.name,
        flavor.memory_mb,
        flavor.vcpus,
        flavor.root_gb,
        flavor.ephemeral_gb,
        flavor.swap,
        flavor.rxtx_factor,
        flavor.is_public,
        flavor.description,
      ]);
      return { outcome: 'created', flavor: created as Flavor };
    } catch (error) {
      if (isUniqueViolation(error, 'flavors_flavorid_key')) return { outcome: 'duplicate', field: 'flavorid' };
      if (isUniqueViolation(error, 'flavors_name_key')) return { outcome: 'duplicate', field: 'name' };
      throw error;
    }
  }

  async describe(sql: Sql, flavorid: string, description: string | null): Promise<Flavor | undefined> {
    const [found] = await rows<Flavor>(
      sql,
      `UPDATE flavors f SET description = $2, updated_at = now() WHERE f.flavorid = $1 RETURNING ${COLUMNS}`,
      [flavorid, description],
    );
    return found;
  }

  async remove(sql: Sql, flavorid: string): Promise<boolean> {
    return (await execute(sql, 'DELETE FROM flavors WHERE flavorid = $1', [flavorid])) > 0;
  }

  /** Adds or replaces extra specs; undefined: no such flavor. */
  async setSpecs(sql: Sql, flavorid: string, specs: Readonly<Record<string, string>>): Promise<Flavor | undefined> {
    const [found] = await rows<Flavor>(
      sql,
      `UPDATE flavors f SET extra_specs = f.extra_specs || $2::jsonb, updated_at = now() WHERE f.flavorid = $1 RETURNING ${COLUMNS}`,
      [flavorid, JSON.stringify(specs)],
    );
    return found;
  }

  /** False: the flavor has no such spec. */
  async removeSpec(sql: Sql, flavorid: string, key: string): Promise<boolean> {
    const text = 'UPDATE flavors SET extra_specs = extra_specs - $2, updated_at = now() WHERE flavorid = $1 AND extra_specs ? $2';
    return (await execute(sql, text, [flavorid, key])) > 0;
  }

  /** Projects that may use a private flavor. */
  async projects(sql: Sql, id: number): Promise<string[]> {
    const found = await rows<{ project_id: string }>(
      sql,
      'SELECT project_id FROM flavor_projects WHERE flavor_id = $1 ORDER BY project_id',
      [id],
    );
    return found.map((row) => row.project_id);
  }

  /** False: the project may use it already. */
  async addProject(sql: Sql, id: number, projectId: string): Promise<boolean> {
    const text = 'INSERT INTO flavor_projects (flavor_id, project_id) VALUES ($1, $2) ON CONFLICT DO NOTHING';
    return (await execute(sql, text, [id, projectId])) > 0;
  }

  /** False: the project had no access. */
  async removeProject(sql: Sql, id: number, projectId: string): Promise<boolean> {
    return (await execute(sql, 'DELETE FROM flavor_projects WHERE flavor_id = $1 AND project_id = $2', [id, projectId])) > 0;
  }
}

const CREATE = `
  INSERT INTO flavors AS f (flavorid, name, memory_mb, vcpus, root_gb, ephemeral_gb, swap, rxtx_factor, is_public, description)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING ${COLUMNS}`;

/** Texts are ordered by code point, so that every database agrees; what is not set comes first. */
function listStatement(order: FlavorOrder, isContinued: boolean): string {
  const text = order.key === 'flavorid' || order.key === 'name' || order.key === 'description';
  const column = (alias: string): string =>
    `coalesce(${alias}.${order.key}${text ? ` COLLATE "C", ''` : `, ${NULLS[order.key] ?? '0'}`})`;
  const after = order.direction === 'asc' ? '>' : '<';
  const position = `(SELECT ${column('m')}, m.id FROM flavors m WHERE m.id = $7)`;
  return `
    SELECT ${COLUMNS} FROM flavors f
     WHERE ${VISIBLE}
       AND ($2::boolean IS NULL OR f.is_public = $2) AND ($3::int IS NULL OR f.memory_mb >= $3) AND ($4::int IS NULL OR f.root_gb >= $4)
       AND ($5::text IS NULL OR f.name ~ $5)
       ${isContinued ? `AND (${column('f')}, f.id) ${after} ${position}` : ''}
     ORDER BY ${column('f')} ${order.direction}, f.id ${order.direction} LIMIT $6`;
}

const NULLS: Partial<Record<FlavorSortKey, string>> = {
  created_at: `'-infinity'::timestamptz`,
  updated_at: `'-infinity'::timestamptz`,
  disabled: 'false',
  is_public: 'false',
};
