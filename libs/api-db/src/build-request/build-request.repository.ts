import type { BlockDevice, Instance } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';

/** A server that its user gave up before any cell had it. */
export interface GivenUp {
  readonly instance: Instance;
  readonly block_devices: readonly BlockDevice[];
}

/** Servers between POST and their cell. */
export class BuildRequestRepository {
  /** The instance as the API shows it while it has no cell. */
  async find(sql: Sql, uuid: string): Promise<Instance | undefined> {
    const [found] = await rows<{ instance: Instance }>(sql, 'SELECT instance FROM build_requests WHERE instance_uuid = $1', [
      uuid,
    ]);
    return found?.instance;
  }

  /** Newest first; of one project, or of all when it is left out. */
  async list(sql: Sql, projectId?: string): Promise<Instance[]> {
    const found = await rows<{ instance: Instance }>(
      sql,
      'SELECT instance FROM build_requests WHERE $1::text IS NULL OR project_id = $1 ORDER BY created_at DESC, instance_uuid DESC',
      [projectId ?? null],
    );
    return found.map((row) => row.instance);
  }

  /** Replaces the instance as it is shown (a rename, metadata, tags). False: it has moved on to a cell, or is gone. */
  async replace(sql: Sql, instance: Instance): Promise<boolean> {
    const changed = await rows(sql, 'UPDATE build_requests SET instance = $2::jsonb WHERE instance_uuid = $1 RETURNING id', [
      instance.uuid,
      JSON.stringify(instance),
    ]);
    return changed.length > 0;
  }

  /**
   * The user gives up a server that no cell has yet: request, spec, mapping and group membership go in one statement.
   * Whoever removes the build request first wins: undefined means that the conductor was quicker, and the server
   * has to be deleted from its cell.
   */
  async giveUp(sql: Sql, uuid: string): Promise<GivenUp | undefined> {
    const [gone] = await rows<GivenUp>(
      sql,
      `WITH gone AS (DELETE FROM build_requests WHERE instance_uuid = $1 RETURNING instance_uuid, instance, block_device_mappings),
            mapping AS (DELETE FROM instance_mappings m USING gone WHERE m.instance_uuid = gone.instance_uuid),
            spec AS (DELETE FROM request_specs s USING gone WHERE s.instance_uuid = gone.instance_uuid),
            member AS (DELETE FROM instance_group_members g USING gone WHERE g.instance_uuid = gone.instance_uuid)
       SELECT instance, block_device_mappings AS block_devices FROM gone`,
      [uuid],
    );
    return gone;
  }
}
