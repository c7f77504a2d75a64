import { rows, type Sql } from '@kilonova/sql';
import { Injectable } from '@nestjs/common';

/** What of a server decides who hears of an event. */
export interface EventTarget {
  readonly uuid: string;
  /** Where it is, and both ends of a move that has not ended: each of them waits for ports and volumes. */
  readonly hosts: readonly string[];
}

/** Where the servers of events are. */
@Injectable()
export class EventTargetRepository {
  /** Of the API database: the cell of each server that there is; null: none has it yet. */
  async cells(sql: Sql, uuids: readonly string[]): Promise<Map<string, number | null>> {
    const found = await rows<{ uuid: string; cell_id: number | null }>(
      sql,
      'SELECT instance_uuid AS uuid, cell_id FROM instance_mappings WHERE instance_uuid = ANY($1::uuid[])',
      [uuids],
    );
    return new Map(found.map((row) => [row.uuid, row.cell_id]));
  }

  /** Of a cell's database. */
  async inCell(sql: Sql, uuids: readonly string[]): Promise<EventTarget[]> {
    return rows(sql, TARGETS, [uuids]);
  }
}

const TARGETS = `
  SELECT i.uuid,
         ARRAY(SELECT i.host WHERE i.host IS NOT NULL
               UNION SELECT unnest(ARRAY[m.source_compute, m.dest_compute]) FROM migrations m
                      WHERE i.host IS NOT NULL AND m.instance_uuid = i.uuid
                        AND m.status NOT IN ('confirmed', 'reverted', 'error', 'failed', 'completed', 'cancelled', 'done')
               EXCEPT SELECT NULL) AS hosts
    FROM instances i WHERE i.uuid = ANY($1::uuid[])`;
