import { rows, type Sql } from '@kilonova/sql';
import type { AggregateFacts } from '../model/host-state.js';

const AGGREGATES = `
  SELECT a.uuid, a.name, a.metadata, coalesce(array_agg(h.host) FILTER (WHERE h.host IS NOT NULL), '{}') AS hosts
    FROM aggregates a LEFT JOIN aggregate_hosts h ON h.aggregate_id = a.id
   GROUP BY a.id ORDER BY a.id`;

/** All aggregates with their hosts. */
export const allAggregates = (sql: Sql): Promise<readonly AggregateFacts[]> => rows<AggregateFacts>(sql, AGGREGATES);
