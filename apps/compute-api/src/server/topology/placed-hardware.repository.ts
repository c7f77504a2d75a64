import type { HeldHardware, NumaCell } from '@kilonova/compute-objects';
import { prepared, type Sql } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';

/** What a server has of its node, as its agent told last, and the cells of the node. */
export interface PlacedHardware {
  readonly held: HeldHardware | null;
  readonly cells: readonly NumaCell[] | null;
}

const FIND = `SELECT hardware -> 'held' -> $2 AS held, hardware -> 'cells' AS cells FROM compute_nodes WHERE uuid = $1`;

@Injectable()
export class PlacedHardwareRepository {
  async find(sql: Sql, nodeUuid: string, instanceUuid: string): Promise<PlacedHardware | undefined> {
    const [found] = await prepared<PlacedHardware>(sql, FIND, [nodeUuid, instanceUuid]);
    return found;
  }
}
