import type { Instance } from '@kilonova/compute-objects';
import { INSTANCE_COLUMNS } from './instance.columns.js';
import type { InstanceRow } from './instance.entity.js';

/** What a query for `instanceColumns` yields. */
export type InstanceRecord = Pick<InstanceRow, (typeof INSTANCE_COLUMNS)[number]>;

/** A row as it crosses the bus: the same fields, times as text. */
export const toInstance = (row: InstanceRecord): Instance => {
  const fields = INSTANCE_COLUMNS.map((column) => {
    const value = row[column];
    return [column, value instanceof Date ? value.toISOString() : value];
  });
  return { ...(Object.fromEntries(fields) as unknown as Instance), network_info: row.network_info ?? [] };
};
