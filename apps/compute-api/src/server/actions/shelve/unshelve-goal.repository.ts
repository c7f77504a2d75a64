import { prepared, type Sql } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';

/** What is known of a zone and a host by their names. */
export interface KnownGoal {
  readonly zone_has_hosts: boolean;
  readonly host_is_known: boolean;
  /** Null: the host is in the default zone. */
  readonly zone_of_host: string | null;
}

/** Where servers may be unshelved to. */
@Injectable()
export class UnshelveGoalRepository {
  async find(sql: Sql, zone: string | null, host: string | null): Promise<KnownGoal> {
    const [found] = await prepared<KnownGoal>(sql, FIND, [zone, host]);
    return found as KnownGoal;
  }
}

const IN_ZONES = 'aggregates a JOIN aggregate_hosts h ON h.aggregate_id = a.id';
const FIND = `
  SELECT EXISTS (SELECT FROM ${IN_ZONES} WHERE a.metadata ->> 'availability_zone' = $1) AS zone_has_hosts,
         EXISTS (SELECT FROM host_mappings m WHERE m.host = $2) AS host_is_known,
         (SELECT a.metadata ->> 'availability_zone' FROM ${IN_ZONES}
           WHERE h.host = $2 AND a.metadata ? 'availability_zone' LIMIT 1) AS zone_of_host`;
