import { execute, isUniqueViolation, rows, type Sql } from '@kilonova/sql';

/** A group of hosts. `metadata` holds the availability zone too, if it has one. */
export interface Aggregate {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly hosts: readonly string[];
  readonly created_at: Date;
  readonly updated_at: Date | null;
}

export interface AggregateChange {
  readonly name?: string;
  /** Null removes a key. */
  readonly metadata?: Readonly<Record<string, string | null>>;
}

const SELECT = `
  SELECT a.*, coalesce(h.hosts, '{}') AS hosts FROM aggregates a
    LEFT JOIN LATERAL (SELECT array_agg(host ORDER BY host) AS hosts FROM aggregate_hosts WHERE aggregate_id = a.id) h ON true`;

/** Host aggregates and the hosts in them. */
export class AggregateRepository {
  async list(sql: Sql): Promise<Aggregate[]> {
    return rows(sql, `${SELECT} ORDER BY a.id`);
  }

  async find(sql: Sql, id: number): Promise<Aggregate | undefined> {
    const [found] = await rows<Aggregate>(sql, `${SELECT} WHERE a.id = $1`, [id]);
    return found;
  }

  /** Locks the row until the transaction ends: zone rules are checked and applied under it. */
  async lock(sql: Sql, id: number): Promise<Aggregate | undefined> {
    const [found] = await rows<Aggregate>(sql, `${SELECT} WHERE a.id = $1 FOR UPDATE OF a`, [id]);
    return found;
  }

  /** Undefined: the name is taken. */
  async create(
    sql: Sql,
    aggregate: { readonly uuid: string; readonly name: string; readonly zone: string | null },
  ): Promise<Aggregate | undefined> {
    const metadata = aggregate.zone === null ? {} : { availability_zone: aggregate.zone };
    const [created] = await rows<Aggregate>(
      sql,
      `INSERT INTO aggregates (uuid, name, metadata) VALUES ($1, $2, $3::jsonb) ON CONFLICT (name) DO NOTHING RETURNING *, '{}'::text[] AS hosts`,
      [aggregate.uuid, aggregate.name, JSON.stringify(metadata)],
    );
    return created;
  }

  /** Sets the name, merges the metadata; a name alone counts as an update. `duplicate`: another has the name. */
  async update(sql: Sql, id: number, change: AggregateChange): Promise<'updated' | 'duplicate'> {
    const entries = Object.entries(change.metadata ?? {});
    const set = Object.fromEntries(entries.filter(([, value]) => value !== null));
    const unset = entries.filter(([, value]) => value === null).map(([key]) => key);
    try {
      await execute(
        sql,
        `UPDATE aggregates SET name = coalesce($2, name), metadata = (metadata - $4::text[]) || $3::jsonb,
                               updated_at = CASE WHEN $2::text IS NULL THEN updated_at ELSE now() END
          WHERE id = $1`,
        [id, change.name ?? null, JSON.stringify(set), unset],
      );
      return 'updated';
    } catch (error) {
      if (isUniqueViolation(error)) return 'duplicate';
      throw error;
    }
  }

  /** False: it has hosts, or is not there. */
  async remove(sql: Sql, id: number): Promise<boolean> {
    const text =
      'DELETE FROM aggregates a WHERE id = $1 AND NOT EXISTS (SELECT FROM aggregate_hosts h WHERE h.aggregate_id = a.id)';
    return (await execute(sql, text, [id])) > 0;
  }

  /** False: the host is in it already. */
  async addHost(sql: Sql, id: number, host: string): Promise<boolean> {
    const text = 'INSERT INTO aggregate_hosts (aggregate_id, host) VALUES ($1, $2) ON CONFLICT DO NOTHING';
    return (await execute(sql, text, [id, host])) > 0;
  }

  /** False: the host is not in it. */
  async removeHost(sql: Sql, id: number, host: string): Promise<boolean> {
    const text = 'DELETE FROM aggregate_hosts WHERE aggregate_id = $1 AND host = $2';
    return (await execute(sql, text, [id, host])) > 0;
  }

  /** Hosts that placement has not been told of yet. */
  async unmirrored(sql: Sql, limit: number): Promise<Array<{ aggregate_id: number; host: string }>> {
    return rows(sql, 'SELECT aggregate_id, host FROM aggregate_hosts WHERE NOT mirrored ORDER BY aggregate_id, host LIMIT $1', [
      limit,
    ]);
  }

  async markMirrored(sql: Sql, id: number, host: string): Promise<void> {
    await execute(sql, 'UPDATE aggregate_hosts SET mirrored = true WHERE aggregate_id = $1 AND host = $2', [id, host]);
  }

  /** Takes a host that is removed out of every aggregate. */
  async removeHostEverywhere(sql: Sql, host: string): Promise<void> {
    await execute(sql, 'DELETE FROM aggregate_hosts WHERE host = $1', [host]);
  }

  /** host → availability zone, of hosts that have one. */
  async zones(sql: Sql): Promise<Map<string, string>> {
    const found = await rows<{ host: string; zone: string }>(
      sql,
      `SELECT h.host, min(a.metadata ->> 'availability_zone') AS zone FROM aggregate_hosts h
         JOIN aggregates a ON a.id = h.aggregate_id WHERE a.metadata ? 'availability_zone' GROUP BY h.host`,
    );
    return new Map(found.map((row) => [row.host, row.zone]));
  }
}
