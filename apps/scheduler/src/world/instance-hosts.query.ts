import { rows, type Sql } from '@kilonova/sql';

/** Instance → host, for those of the given that are on one. */
export async function instanceHosts(sql: Sql, uuids: readonly string[]): Promise<ReadonlyArray<readonly [string, string]>> {
  const found = await rows<{ uuid: string; host: string }>(
    sql,
    'SELECT uuid, host FROM instances WHERE uuid = ANY($1::uuid[]) AND host IS NOT NULL',
    [uuids],
  );
  return found.map((row) => [row.uuid, row.host] as const);
}
