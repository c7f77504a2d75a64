import { devicesOf, type InstanceRecord, instanceColumns, toInstance } from '@kilonova/cell-db';
import type { BlockDevice, Instance } from '@kilonova/compute-objects';
import { prepared, type Sql } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';
import type { HostState } from './model/host-state.js';

/** An instance with the state of the service on its host. */
export interface CellServer {
  readonly instance: Instance;
  /** Null: on no host, or the host's service is gone. */
  readonly host: HostState | null;
  /** Its disks beside flavor and image. */
  readonly devices: readonly BlockDevice[];
}

export type CellServerRecord = InstanceRecord & {
  readonly host_disabled: boolean | null;
  readonly host_forced_down: boolean | null;
  readonly host_fresh: boolean | null;
  readonly devices: readonly BlockDevice[];
};

/** Select list and join that go with `toCellServer`. `downMs` is the parameter with the down time. */
export const cellServerColumns = (downMs: string): string =>
  `${instanceColumns('i')}, hs.disabled AS host_disabled, hs.forced_down AS host_forced_down,
   coalesce(hs.last_seen_up > now() - ${downMs}::int * interval '1 millisecond', false) AS host_fresh,
   ${devicesOf('i.uuid')} AS devices`;
export const HOST_JOIN = `LEFT JOIN services hs ON hs.host = i.host AND hs."binary" = 'nova-compute'`;

export const toCellServer = (row: CellServerRecord): CellServer => ({
  instance: toInstance(row),
  devices: row.devices,
  host:
    row.host_disabled === null
      ? null
      : { disabled: row.host_disabled, forced_down: row.host_forced_down === true, fresh: row.host_fresh === true },
});

/** Servers in their cell, as the API needs them. */
@Injectable()
export class CellServerRepository {
  async find(sql: Sql, uuid: string, serviceDownMs: number): Promise<CellServer | undefined> {
    const [found] = await prepared<CellServerRecord>(sql, FIND, [uuid, serviceDownMs]);
    return found && toCellServer(found);
  }
}

const FIND = `SELECT ${cellServerColumns('$2')} FROM instances i ${HOST_JOIN} WHERE i.uuid = $1`;
